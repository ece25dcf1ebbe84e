import { useMemo } from "react";
import { useNow } from "@/lib/live";
import { addDays, businessDay, dayStartsAt, type Day, type Days } from "@/lib/time";
import { useVenue } from "./queries";

/** The venue's business days; undefined until the venue is known. */
export interface BusinessDays {
  today: Day;
  /** The instants at which these days begin and end, as the API takes them. */
  instantsOf: (days: Days) => { since: string; until: string };
}

export function useBusinessDays(): BusinessDays | undefined {
  const venue = useVenue();
  const zone = venue?.time_zone;
  const start = venue?.day_start_minutes ?? 0;
  const today = useNow((now) => (zone === undefined ? "" : businessDay(now, zone, start)));
  return useMemo(() => {
    if (zone === undefined) return undefined;
    const startOf = (day: Day) => new Date(dayStartsAt(day, zone, start)).toISOString();
    return { today, instantsOf: ({ from, to }) => ({ since: startOf(from), until: startOf(addDays(to, 1)) }) };
  }, [zone, start, today]);
}
