"use client";

import type { ReactNode } from "react";
import type { Session, Station } from "@/lib/api";
import { useLink, useNow } from "@/lib/live";
import { useWords } from "@/lib/i18n";
import { deliveryWord } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { secondsUntil, useTimeWords } from "@/lib/time";

const HOUR_MS = 3_600_000;

/** The state of the machine itself, as it reports it; while the line is down, as it was when the line broke. */
export function StationFacts({ station, session }: { station: Station; session: Session | null }) {
  const agent = station.driver === "agent";
  const { live, since } = useLink();
  const time = useVenueTime();
  const words = useWords("stations");
  return (
    <section aria-label="This station" className="mt-auto pt-6 pb-4">
      <div className="flex justify-between gap-4 border-b border-line pb-2 text-[12px]/4">
        <h3 className="font-semibold text-ink-2">{agent ? "This PC" : "This station"}</h3>
        {agent && !live && <p className="text-ink-3 tabular-nums">Last known at {time.clock(since)}</p>}
      </div>
      <dl className={live ? "text-ink-2" : "text-ink-3"}>
        {agent ? (
          <>
            <Fact name="Connection">{station.connected ? "Connected" : <LastSeen station={station} />}</Fact>
            {session && session.status !== "paused" && <Fact name="Session">{deliveryWord(session, words)}</Fact>}
            <Fact name="Desktop">{desktop(station)}</Fact>
            <Fact name="Agent">{station.agent_version ?? "Not known yet"}</Fact>
          </>
        ) : (
          <Fact name="Opened and closed">By hand</Fact>
        )}
      </dl>
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
  const seen = station.last_seen === null ? null : Date.parse(station.last_seen);
  const text = useNow((second) => {
    if (seen === null) return "Never seen";
    const now = live ? second : since;
    const at = now - seen > 24 * HOUR_MS ? `${time.day(seen)}, ${time.clock(seen)}` : time.clock(seen);
    return `Not seen for ${lengths.ago(secondsUntil(now, seen))}, since ${at}`;
  });
  return <>{text}</>;
}

function desktop(station: Station): string {
  if (station.locked === null) return "Not known yet";
  const word = station.locked ? "Locked" : "Open";
  return station.connected ? word : `${word} when last seen`;
}
