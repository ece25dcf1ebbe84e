/** Times of day as the venue's own clock shows them, wherever this browser stands. */
export interface VenueTime {
  /** `21:35`, or what the venue's locale makes of it. */
  clock: (instant: number) => string;
  /** `Fri 20 Nov` */
  day: (instant: number) => string;
}

/** An unknown zone or locale falls back to this browser's, which is better than no time at all. */
export function venueTime(timeZone: string | undefined, locale: string | undefined): VenueTime {
  const clock = formatter(locale, timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = formatter(locale, timeZone, { weekday: "short", day: "numeric", month: "short" });
  return {
    clock: (instant) => clock.format(instant),
    day: (instant) => day.format(instant).replace(",", ""),
  };
}

function formatter(
  locale: string | undefined,
  timeZone: string | undefined,
  parts: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, timeZone ? { ...parts, timeZone } : parts);
  } catch {
    return new Intl.DateTimeFormat(undefined, parts);
  }
}
