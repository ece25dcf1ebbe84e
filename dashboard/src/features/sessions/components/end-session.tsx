"use client";

import { Square } from "lucide-react";
import { AlertDialog } from "radix-ui";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Session, type Station } from "@/lib/api";
import { useLink, useNow } from "@/lib/live";
import { useVenue } from "@/features/venues";
import { secondsUntil, useTimeWords } from "@/lib/time";
import { atOnce } from "../enforcement";
import { useEnd } from "../queries";

/** Ends a session after asking, and says what that does to whom. */
export function EndSession({ station, session }: { station: Station; session: Session }) {
  const [asking, setAsking] = useState(false);
  const end = useEnd(session.id);
  const inWords = useInWords();
  const { live } = useLink();

  return (
    <AlertDialog.Root
      open={asking}
      onOpenChange={(open) => {
        setAsking(open);
        if (open) end.reset();
      }}
    >
      <AlertDialog.Trigger asChild>
        <Button variant="danger-quiet" disabled={!live} className="h-10 px-2 max-md:h-12">
          <Square size={14} aria-hidden />
          End session
        </Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="appear fixed inset-0 z-50 bg-[rgb(0_0_0/55%)]" />
        <AlertDialog.Content className="appear fixed start-1/2 top-1/2 z-50 w-[400px] max-w-[calc(100vw-32px)] -translate-1/2 rounded-[14px] border border-line bg-zone p-6 shadow-dialog outline-none light:bg-surface">
          <AlertDialog.Title className="text-[18px]/6 font-semibold">End {station.name} now?</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-ink-2">
            <Consequence station={station} session={session} />
          </AlertDialog.Description>
          {end.isError && (
            <Notice tone="last" role="alert" className="mt-4">
              {inWords(end.error)}
            </Notice>
          )}
          <div className="mt-6 flex justify-end gap-2 max-md:grid max-md:grid-cols-2">
            <AlertDialog.Cancel asChild>
              <Button className="h-9 max-md:h-11">
                {session.status === "pending" ? "Keep waiting" : "Keep playing"}
              </Button>
            </AlertDialog.Cancel>
            <Button
              variant="danger"
              className="h-9 max-md:h-11"
              busy={end.isPending}
              disabled={!live}
              onClick={() => {
                if (!end.isPending) end.mutate({ reason: "manual_stop" }, { onSuccess: () => setAsking(false) });
              }}
            >
              End session
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function Consequence({ station, session }: { station: Station; session: Session }) {
  const left = useNow((now) =>
    session.scheduled_end_at === null
      ? session.remaining_seconds
      : secondsUntil(Date.parse(session.scheduled_end_at), now),
  );
  const venue = useVenue();
  const lengths = useTimeWords();
  const who = session.user_name ?? "the guest";
  const time =
    session.status === "pending"
      ? `${station.name} isn’t open for ${who} yet, so no time runs.`
      : `${session.user_name ?? "The guest"} has ${lengths.figure(left)} left.`;
  return (
    <>
      <bdi className="tabular-nums">{time}</bdi> {atOnce(station, venue)}
    </>
  );
}
