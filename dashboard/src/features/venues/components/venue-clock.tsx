"use client";

import { clock, useNow } from "@/lib/live";
import { useVenueTime } from "../queries";

/** The venue's time of day and date, by the server's clock. */
export function VenueClock() {
  const time = useVenueTime();
  const now = useNow((second) => Math.floor(second / 60_000) * 60_000);
  return (
    <time dateTime={new Date(clock.second()).toISOString().slice(0, 16)} className="flex items-baseline gap-2">
      <span className="text-[16px]/6 font-semibold tabular-nums">{time.clock(now)}</span>
      <span className="text-ink-3 max-sm:hidden">{time.day(now)}</span>
    </time>
  );
}
