"use client";

import { Notice } from "@/components/ui/notice";
import type { Session, Station } from "@/lib/api";
import { isolated, useWords } from "@/lib/i18n";
import { useVenue, useVenueTime } from "@/features/venues";

/** Who stopped the time of a session and when, and when it goes on by itself. */
export function Standing({ station, session }: { station: Station; session: Session }) {
  const words = useWords("sessions");
  const venue = useVenue();
  const time = useVenueTime();
  const pause = session.gaps.find((gap) => gap.kind === "paused" && gap.to_at === null);
  const since = pause && Date.parse(pause.from_at);
  const at = since === undefined ? "" : time.clock(since);
  const who = pause?.actor_name ? isolated(pause.actor_name) : "";
  const known = since === undefined ? "none" : who === "" ? "time" : "all";
  const away = station.driver === "agent" && !station.connected;
  return (
    <Notice tone="wait" role="note">
      {words("standing.since", { known, at, who })}{" "}
      {away && words("standing.untilConnected", { station: station.name })}
      {!away && (since === undefined || !venue) && words("standing.stands")}
      {!away && since !== undefined && venue && (
        <>{words("standing.goesOn", { at: time.clock(since + venue.max_pause_minutes * 60_000) })}</>
      )}
    </Notice>
  );
}
