import type { PeakHour } from "./queries";

/** An hour of a business day: how much of what was there was played on; null where nothing was there. */
export interface Slot {
  /** 1 is Monday, 7 is Sunday: of the business day, so one o'clock at night after Friday is Friday's. */
  weekday: number;
  hour: number;
  ratio: number | null;
  averageStations: number | null;
}

/** An hour of the day over all days. */
export interface HourOfDay {
  hour: number;
  ratio: number | null;
}

/** The hours of the week by business day and in its order, from its first hour to its last. */
export function byBusinessDay(items: readonly PeakHour[], dayStartMinutes: number): Slot[][] {
  const found = new Map(items.map((item) => [`${item.weekday} ${item.hour}`, item]));
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
    hoursFrom(dayStartMinutes).map((hour) => {
      // Before the day's start it is still the night of the day before.
      const calendar = hour < wholeHour(dayStartMinutes) ? (weekday % 7) + 1 : weekday;
      const item = found.get(`${calendar} ${hour}`);
      return { weekday, hour, ratio: item?.ratio ?? null, averageStations: item?.average_stations ?? null };
    }),
  );
}

/** The hours in which anybody played, in the order of the business day: from the first to the last of them. */
export function openHours(periods: readonly (readonly PeakHour[])[], dayStartMinutes: number): number[] {
  const played = new Set(periods.flat().flatMap(({ hour, played_seconds }) => (played_seconds > 0 ? [hour] : [])));
  const hours = hoursFrom(dayStartMinutes);
  const first = hours.findIndex((hour) => played.has(hour));
  if (first === -1) return [];
  return hours.slice(first, hours.findLastIndex((hour) => played.has(hour)) + 1);
}

/** The share of the stations in use at each of these hours, all days together. */
export function byHour(items: readonly PeakHour[], hours: readonly number[]): HourOfDay[] {
  return hours.map((hour) => {
    const those = items.filter((item) => item.hour === hour);
    const there = sum(those.map((item) => item.open_seconds));
    return { hour, ratio: there === 0 ? null : sum(those.map((item) => item.played_seconds)) / there };
  });
}

/** The fullest and the emptiest of these slots, the earliest of those alike. */
export function extremes(slots: readonly Slot[]): { busiest: Slot; quietest: Slot } | null {
  const known = slots.filter((slot) => slot.ratio !== null);
  const [first] = known;
  if (first === undefined) return null;
  const share = (slot: Slot) => slot.ratio ?? 0;
  return {
    busiest: known.reduce((best, slot) => (share(slot) > share(best) ? slot : best), first),
    quietest: known.reduce((best, slot) => (share(slot) < share(best) ? slot : best), first),
  };
}

/** Which of the heat map's eight colours a share has. */
export function heatStep(ratio: number): number {
  return Math.min(7, Math.max(0, Math.floor(ratio * 8)));
}

function hoursFrom(dayStartMinutes: number): number[] {
  const first = wholeHour(dayStartMinutes);
  return Array.from({ length: 24 }, (_, number) => (first + number) % 24);
}

/** Where a day begins within an hour, that hour counts to the day before: most of it may. */
function wholeHour(dayStartMinutes: number): number {
  return Math.ceil(dayStartMinutes / 60) % 24;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
