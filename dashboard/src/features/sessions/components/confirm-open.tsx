"use client";

import { DoorOpen } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Session } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useBusy } from "../acting";
import { useDesk } from "../speech";

/** For a PC that is open and doesn't say so: staff insists, and the time counts. */
export function ConfirmOpen({ name, session }: { name: string; session: Session }) {
  const { confirm } = useDesk();
  const { live } = useLink();
  const words = useWords("sessions");
  const busy = useBusy(session.station_id);
  return (
    <div className="grid gap-2">
      <Button
        className="h-10 max-md:h-12"
        busy={busy}
        disabled={!live}
        aria-describedby={`insist-${session.id}`}
        onClick={() => void confirm(session)}
      >
        {!busy && <DoorOpen size={14} aria-hidden />}
        {words("confirm.label")}
      </Button>
      <p id={`insist-${session.id}`} className="text-ink-3">
        {words("confirm.hint", { station: name })}
      </p>
    </div>
  );
}
