"use client";

import type { ReactNode } from "react";
import type { Session, Station } from "@/lib/api";
import { useLink, useNow } from "@/lib/live";
import { useWords, type Translate } from "@/lib/i18n";
import { deliveryWord } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { secondsUntil, useTimeWords } from "@/lib/time";

import { PcCommands } from "./pc-commands";
import { PcMetrics } from "./pc-metrics";

const HOUR_MS = 3_600_000;

/** The state of the machine itself, as it reports it; while the line is down, as it was when the line broke. */
export function StationFacts({ station, session }: { station: Station; session: Session | null }) {
  const agent = station.driver === "agent";
  const { live, since } = useLink();
  const time = useVenueTime();
  const [words, facts] = [useWords("stations"), useWords("sessions")];
  return (
    <section aria-label={facts("pc.station")} className="mt-auto pt-6 pb-4">
      <div className="flex justify-between gap-4 border-b border-line pb-2 text-[12px]/4">
        <h3 className="font-semibold text-ink-2">{facts(agent ? "pc.title" : "pc.station")}</h3>
        {agent && !live && (
          <p className="text-ink-3 tabular-nums">{facts("pc.lastKnown", { time: time.clock(since) })}</p>
        )}
      </div>
      <dl className={live ? "text-ink-2" : "text-ink-3"}>
        {agent ? (
          <>
            <Fact name={facts("pc.connection")}>
              {station.connected ? facts("pc.connected") : <LastSeen station={station} />}
            </Fact>
            {session && session.status !== "paused" && (
              <Fact name={facts("time.session")}>{deliveryWord(session, words)}</Fact>
            )}
            <Fact name={facts("pc.desktop")}>{desktop(station, facts)}</Fact>
            <Fact name={facts("pc.agent")}>{station.agent_version ?? facts("pc.unknown")}</Fact>
          </>
        ) : (
          <Fact name={facts("pc.openedAndClosed")}>{facts("pc.byHand")}</Fact>
        )}
      </dl>
      <PcMetrics station={station} />
      <PcCommands station={station} />
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2 last:border-0">
      <dt className="text-ink-3">{name}</dt>
      <dd className="text-end tabular-nums">{children}</dd>
    </div>
  );
}

function LastSeen({ station }: { station: Station }) {
  const time = useVenueTime();
  const { live, since } = useLink();
  const lengths = useTimeWords();
  const words = useWords("sessions");
  const seen = station.last_seen === null ? null : Date.parse(station.last_seen);
  const text = useNow((second) => {
    if (seen === null) return words("pc.neverSeen");
    const now = live ? second : since;
    const at = now - seen > 24 * HOUR_MS ? `${time.day(seen)}, ${time.clock(seen)}` : time.clock(seen);
    return words("pc.notSeen", { ago: lengths.ago(secondsUntil(now, seen)), at });
  });
  return <>{text}</>;
}

function desktop(station: Station, words: Translate<"sessions">): string {
  if (station.locked === null) return words("pc.unknown");
  if (station.connected) return words(station.locked ? "pc.locked" : "pc.open");
  return words(station.locked ? "pc.lockedThen" : "pc.openThen");
}
