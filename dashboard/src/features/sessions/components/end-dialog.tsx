"use client";

import { ConfirmDialog } from "@/components/ui/confirm";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink, useNow } from "@/lib/live";
import { secondsUntil, useTimeWords } from "@/lib/time";
import { useVenue } from "@/features/venues";
import { atOnce } from "../enforcement";
import { useDesk, useSpeech } from "../speech";

/** Ends a session after asking, and says what that does to whom. */
export function EndDialog({ station, session, onClose }: { station: Station; session: Session; onClose: () => void }) {
  const { end } = useDesk();
  const words = useWords("sessions");
  const { live } = useLink();
  const pending = session.status === "pending";
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title={words("end.title", { station: station.name })}
      confirm={words("actions.endSession")}
      keep={words(pending ? "end.keepWaiting" : "end.keepPlaying")}
      disabled={!live}
      onConfirm={() => {
        onClose();
        void end(session);
      }}
    >
      <Consequence station={station} session={session} />
    </ConfirmDialog>
  );
}

function Consequence({ station, session }: { station: Station; session: Session }) {
  const words = useWords("sessions");
  const player = useSpeech().player(session);
  const venue = useVenue();
  const lengths = useTimeWords();
  const left = useNow((now) =>
    session.scheduled_end_at === null
      ? session.remaining_seconds
      : secondsUntil(Date.parse(session.scheduled_end_at), now),
  );
  return (
    <span className="tabular-nums">
      {session.status === "pending"
        ? words("end.notOpen", { station: station.name, player })
        : words("end.left", { player, time: lengths.figure(left) })}{" "}
      {atOnce(station, venue, words)}
    </span>
  );
}
