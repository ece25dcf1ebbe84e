"use client";

import { Undo2 } from "lucide-react";
import { Awaited } from "@/components/ui/awaited";
import { Button } from "@/components/ui/button";
import type { Session } from "@/lib/api";
import { useLink, useNow, type Entry } from "@/lib/live";
import { graceLeft, playerName } from "@/features/stations";
import { useMayRunSessions } from "@/features/staff";
import { useWords } from "@/lib/i18n";
import { useVenueTime } from "@/features/venues";
import { canReopen, endWords } from "../earlier";
import { useBusy } from "../acting";
import { useEarlier } from "../queries";
import { useDesk, useSpeech } from "../speech";

const SHOWN = 5;

/** Who was here before, and how that ended. The newest end can be taken back while the server would allow it. */
export function EarlierHere({ entry }: { entry: Entry }) {
  const { station, session } = entry;
  const asked = useEarlier(station.id, session);
  const time = useVenueTime();
  const [common, words] = [useWords("common"), useWords("sessions")];
  // Within its grace it is still what is going on here.
  const inGrace = useNow((now) => session !== null && graceLeft(session, now) !== null);
  const here = session !== null && (session.status !== "ended" || inGrace) ? session.id : null;
  const earlier = asked.data?.filter(
    (one) => one.id !== here && (one.status === "ended" || one.station_id !== station.id),
  );
  if (!earlier) return <Awaited asked={asked} failed={words("earlier.failed")} />;
  const [newest] = earlier;
  return (
    <>
      {earlier.length === 0 && <p className="py-2 text-ink-3">{words("earlier.nobody")}</p>}
      {earlier.length > 0 && (
        <ul aria-label={words("earlier.title", { station: station.name })} className="tabular-nums">
          {earlier.slice(0, SHOWN).map((one) => (
            <li key={one.id} className="flex items-baseline gap-3 border-b border-line py-2 last:border-0">
              <span className="shrink-0 text-ink-3">{spanOf(one, station.id, time.clock)}</span>
              <bdi className="min-w-0 flex-1 truncate">{playerName(one, common)}</bdi>
              <span className="min-w-0 truncate text-ink-3">{endWords(one, station.id, words)}</span>
            </li>
          ))}
        </ul>
      )}
      {newest && here === null && <TakeBack key={newest.id} entry={entry} ended={newest} />}
    </>
  );
}

function spanOf(session: Session, stationId: string, clock: (at: number) => string): string {
  const came = session.gaps.filter((gap) => gap.kind === "moving" && gap.to_at !== null).at(-1)?.to_at;
  const start = clock(Date.parse((session.station_id === stationId ? came : null) ?? session.started_at));
  return session.ended_at === null ? start : `${start}–${clock(Date.parse(session.ended_at))}`;
}

function TakeBack({ entry, ended }: { entry: Entry; ended: Session }) {
  const { reopen } = useDesk();
  const { live } = useLink();
  const words = useWords("sessions");
  const speech = useSpeech();
  const busy = useBusy(entry.station.id);
  const mayRun = useMayRunSessions();
  const possible = useNow((now) => canReopen(ended, entry.station, now));
  if (!mayRun || !possible) return null;
  return (
    <Button className="mt-2 h-10 w-full max-md:h-12" busy={busy} disabled={!live} onClick={() => void reopen(ended)}>
      {!busy && <Undo2 size={14} className="rtl:-scale-x-100" aria-hidden />}
      <span className="truncate">{words("earlier.takeBack", { player: speech.player(ended) })}</span>
    </Button>
  );
}
