"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { ExtendChoices } from "./extend-choices";
import { StartForm } from "./start-form";

/** Time is over: more time for the same player while the grace runs, or a session for somebody else. */
export function InGrace({ station, session }: { station: Station; session: Session }) {
  const [anew, setAnew] = useState(false);
  const words = useWords("sessions");
  // Nothing runs on at a station that is closed by hand, and the server knows the end in a moment.
  if (anew || station.driver === "manual") return <StartForm station={station} ending={session} />;
  return (
    <div className="grid gap-2">
      <ExtendChoices session={session} />
      <Button className="h-10 max-md:h-12" onClick={() => setAnew(true)}>
        {words("start.instead")}
      </Button>
    </div>
  );
}
