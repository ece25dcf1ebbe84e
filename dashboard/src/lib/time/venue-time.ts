/** Times of day as the venue's own clock shows them, wherever this browser stands. */
export interface VenueTime {
  /** `21:35` */
  clock: (instant: number) => string;
  /** `21:35:07`, for what is told apart by seconds. */
  seconds: (instant: number) => string;
  /** `Fri 20 Nov` */
  day: (instant: number) => string;
  /** `20 Nov 2026` */
  date: (instant: number) => string;
}

/**
 * Words in `language`, order and digits as they are usual in the region of the venue's `locale`. An unknown zone or
 * locale falls back to this browser's, which is better than no time at all.
 */
export function venueTime(timeZone: string | undefined, locale: string | undefined, language: string): VenueTime {
  const spoken = localeOf(language, locale);
  const clock = formatter(spoken, timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const hms = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  const seconds = formatter(spoken, timeZone, hms);
  const day = formatter(spoken, timeZone, { weekday: "short", day: "numeric", month: "short" });
  const date = formatter(spoken, timeZone, { day: "numeric", month: "short", year: "numeric" });
  return {
    clock: (instant) => clock.format(instant),
    seconds: (instant) => seconds.format(instant),
    day: (instant) => day.format(instant).replace(",", ""),
    date: (instant) => date.format(instant),
  };
}

/** Words of `language`, order and digits as in the region of `locale`. */
export function localeOf(language: string, locale: string | undefined): string {
  try {
    const { region } = new Intl.Locale(locale ?? language).maximize();
    const { numberingSystem } = new Intl.NumberFormat(locale ?? "en").resolvedOptions();
    const spoken = region ? `${language}-${region}` : language;
    // English as it is written where it isn't spoken: the day before the month, as nearly everywhere.
    const foreign = new Intl.DateTimeFormat(spoken).resolvedOptions().locale === "en" && region !== "US";
    return `${foreign ? "en-GB" : spoken}-u-nu-${numberingSystem}`;
  } catch {
    return language;
  }
}

function formatter(locale: string, timeZone: string | undefined, parts: Intl.DateTimeFormatOptions) {
  try {
    return new Intl.DateTimeFormat(locale, timeZone ? { ...parts, timeZone } : parts);
  } catch {
    return new Intl.DateTimeFormat(locale, parts);
  }
}
