"use client";

import { Notice } from "@/components/ui/notice";
import type { Session, Station } from "@/lib/api";
import { useVenue, useVenueTime } from "@/features/venues";

/** Who stopped the time of a session and when, and when it goes on by itself. */
export function Standing({ station, session }: { station: Station; session: Session }) {
  const venue = useVenue();
  const time = useVenueTime();
  const pause = session.gaps.find((gap) => gap.kind === "paused" && gap.to_at === null);
  const since = pause && Date.parse(pause.from_at);
  return (
    <Notice tone="wait" role="note">
      {since === undefined ? "Paused" : `Paused at ${time.clock(since)}`}
      {pause?.actor_name && (
        <>
          {" by "}
          <bdi>{pause.actor_name}</bdi>
        </>
      )}
      . The time stands still
      {since !== undefined && venue && goesOn(station, time.clock(since + venue.max_pause_minutes * 60_000))}.
    </Notice>
  );
}

function goesOn(station: Station, at: string): string {
  if (station.driver === "agent" && !station.connected) return ` until ${station.name} is connected again`;
  return ` and goes on by itself at ${at}`;
}
