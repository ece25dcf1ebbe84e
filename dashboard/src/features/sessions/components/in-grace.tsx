"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { Session, Station } from "@/lib/api";
import { ExtendForm } from "./extend-form";
import { StartForm } from "./start-form";

/** Time is over: more time for the same player while the grace runs, or a session for somebody else. */
export function InGrace({ station, session }: { station: Station; session: Session }) {
  const [anew, setAnew] = useState(false);
  // Nothing runs on at a station that is closed by hand, and the server knows the end in a moment.
  if (station.driver === "manual") return <StartForm station={station} ending={session} />;
  if (anew) return <StartForm station={station} ending={session} />;
  return (
    <div className="grid gap-2">
      <ExtendForm session={session} />
      <Button className="h-10 max-md:h-12" onClick={() => setAnew(true)}>
        Start a new session instead
      </Button>
    </div>
  );
}
