import { addDays, isDay, type Day, type Days } from "@/lib/time";

/** How long a time is looked at. */
export const spans = ["day", "week", "month"] as const;
export type Span = (typeof spans)[number];

/** What it is compared with: what lies right before, the same day of the week before, the same time a year before. */
export type Comparison = "before" | "week" | "year";

export const comparisonsOf: Record<Span, readonly Comparison[]> = {
  day: ["before", "week", "year"],
  week: ["before", "year"],
  month: ["before", "year"],
};

/** What is looked at, as it stands in the address. */
export interface Period {
  span: Span;
  days: Days;
  comparison: Comparison;
  compared: Days;
  /** Begins no later than today, so that there may be figures. */
  isLast: boolean;
}

/** Reads an address; what can't be read is the week of today, compared with the one before. */
export function readPeriod(read: (name: string) => string | null, today: Day): Period {
  const span = spans.find((each) => each === read("span")) ?? "week";
  const wanted = read("day") ?? today;
  const day = isDay(wanted) && wanted <= today ? wanted : today;
  const comparison = comparisonsOf[span].find((each) => each === read("with")) ?? "before";
  const days = daysOfSpan(span, day);
  return { span, days, comparison, compared: comparedWith(span, days, comparison, today), isLast: days.to >= today };
}

/** The day, the week from Monday on, or the month that a day lies in. */
export function daysOfSpan(span: Span, day: Day): Days {
  if (span === "day") return { from: day, to: day };
  if (span === "week") {
    const monday = addDays(day, -((weekdayOf(day) + 6) % 7));
    return { from: monday, to: addDays(monday, 6) };
  }
  return monthOf(Number(day.slice(0, 4)), Number(day.slice(5, 7)));
}

/** The first day of the time that lies `by` steps after this one. */
export function stepped({ span, days }: Pick<Period, "span" | "days">, by: number): Day {
  if (span === "month") return monthOf(Number(days.from.slice(0, 4)), Number(days.from.slice(5, 7)) + by).from;
  return addDays(days.from, by * (span === "week" ? 7 : 1));
}

/** The days to compare with. Of a time that lasts only as many as it has had, or its figures would always be lower. */
export function comparedWith(span: Span, days: Days, comparison: Comparison, today: Day): Days {
  const whole = earlier(span, days, comparison);
  if (days.to <= today || days.from > today) return whole;
  const had = lengthOf({ from: days.from, to: today });
  const to = addDays(whole.from, had - 1);
  return { from: whole.from, to: to < whole.to ? to : whole.to };
}

/** The seven days up to a single day, whose sessions alone would be one bar; else the days themselves. */
export function daysOfBars({ span, days, compared }: Pick<Period, "span" | "days" | "compared">): [Days, Days] {
  if (span !== "day") return [days, compared];
  const from = addDays(days.to, -6);
  return [
    { from, to: days.to },
    { from: addDays(from, -7), to: addDays(from, -1) },
  ];
}

export function lengthOf({ from, to }: Days): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(Date.parse(day)).getUTCDay();
}

function earlier(span: Span, days: Days, comparison: Comparison): Days {
  if (span === "month") {
    const [year, month] = [Number(days.from.slice(0, 4)), Number(days.from.slice(5, 7))];
    return comparison === "year" ? monthOf(year - 1, month) : monthOf(year, month - 1);
  }
  const length = lengthOf(days);
  // 52 whole weeks: a Saturday is compared with a Saturday.
  const by = { before: length, week: 7, year: 364 }[comparison];
  return { from: addDays(days.from, -by), to: addDays(days.to, -by) };
}

/** The month of that number; 0 is last year's December. */
function monthOf(year: number, month: number): Days {
  const day = (monthIndex: number, date: number) =>
    new Date(Date.UTC(year, monthIndex, date)).toISOString().slice(0, 10);
  return { from: day(month - 1, 1), to: day(month, 0) };
}
