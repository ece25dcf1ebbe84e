import { useMemo } from "react";
import { useLanguage, useWords, type Translate } from "@/lib/i18n";
import { localeOf, type Day, type Days } from "@/lib/time";

import { useVenue } from "@/features/venues";

/** How figures and days of reports are written: in the dashboard's language, with the digits of the venue's locale. */
export interface Formats {
  whole: (value: number) => string;
  /** With one place behind the point below ten, without from there on. */
  short: (value: number) => string;
  percent: (ratio: number | null) => string;
  hour: (hour: number) => string;
  /** `Mon` */
  weekday: (isoWeekday: number) => string;
  /** `Sat 14 Nov` */
  day: (day: Day) => string;
  /** `14` of a month, `Mon` of a week. */
  tick: (day: Day, few: boolean) => string;
  range: (days: Days) => string;
}

export const NOT_KNOWN = "–";

export function useFormats(): Formats {
  const words = useWords("reports");
  const [language] = useLanguage();
  const locale = localeOf(language, useVenue()?.locale);
  return useMemo(() => formatsOf(locale, words), [locale, words]);
}

export function formatsOf(locale: string, words: Translate<"reports">): Formats {
  const date = (parts: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const precise = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const hour = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const [weekday, dayOfMonth] = [date({ weekday: "short" }), date({ day: "numeric" })];
  const day = date({ weekday: "short", day: "numeric", month: "short" });
  const range = date({ weekday: "short", day: "numeric", month: "short" });
  const month = date({ month: "long", year: "numeric" });
  return {
    whole: (value) => whole.format(value),
    short: (value) => (Math.abs(value) < 9.95 ? precise : whole).format(value),
    percent: (ratio) =>
      ratio === null
        ? NOT_KNOWN
        : words.markup("units.percent", { value: whole.format(Math.round(ratio * 100)), u: (unit) => unit }),
    hour: (value) => hour.format(value),
    // The 1st of January 2024 was a Monday.
    weekday: (isoWeekday) => weekday.format(Date.UTC(2024, 0, isoWeekday)),
    day: (of) => day.format(Date.parse(of)).replace(",", ""),
    tick: (of, few) => (few ? weekday : dayOfMonth).format(Date.parse(of)),
    range: ({ from, to }) => {
      if (from === to) return day.format(Date.parse(from)).replace(",", "");
      const whole = from.endsWith("-01") && isLastOfMonth(to) && from.slice(0, 7) === to.slice(0, 7);
      if (whole) return month.format(Date.parse(from));
      return range.formatRange(Date.parse(from), Date.parse(to)).replaceAll(",", "");
    },
  };
}

function isLastOfMonth(day: Day): boolean {
  return new Date(Date.parse(day) + 86_400_000).getUTCDate() === 1;
}
