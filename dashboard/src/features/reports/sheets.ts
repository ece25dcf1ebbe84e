import { useMemo } from "react";
import { useWords, type Translate } from "@/lib/i18n";
import type { Days } from "@/lib/time";
import { useVenue } from "@/features/venues";
import { NOT_KNOWN, useFormats, type Formats } from "./formats";
import { byBusinessDay, byHour, openHours, type Slot } from "./hours";
import { daysOfBars, lengthOf, type Period } from "./period";
import { useDays, useFigures, type Figures, type Use } from "./queries";
import type { Sheet, SheetCell } from "./sheet";

/** A value now and before, under its label. */
export interface Pair {
  label: string;
  now: number | null;
  before: number | null;
}

/** A chart's figures, and the same as a table. */
export interface Charted<T> {
  sheet: Sheet;
  data: T;
}

/** Everything that the page shows, as figures and as tables. */
export interface Sheets {
  now: string;
  before: string;
  hours: Charted<{ hours: number[]; rows: Slot[][] }>;
  sessions: Charted<Pair[]> & { now: string; before: string };
  line: Charted<Pair[]>;
  zones: Charted<Pair[]>;
  stations: Charted<Pair[]>;
}

const LEAST_USED = 4;

/** Null until the figures are there. */
export function useSheets(period: Period, zoneId: string | null): Sheets | null {
  const words = useWords("reports");
  const formats = useFormats();
  const dayStart = useVenue()?.day_start_minutes ?? 0;
  const [barDays, barDaysBefore] = daysOfBars(period);
  const now = useFigures(period.days, zoneId).data;
  const before = useFigures(period.compared, zoneId).data;
  const bars = useDays(barDays, zoneId);
  const barsBefore = useDays(barDaysBefore, zoneId);
  const { span, days, compared } = period;
  return useMemo(() => {
    if (!now || !before || !bars || !barsBefore) return null;
    const ranges = { now: formats.range(days), before: formats.range(compared) };
    const context = { words, formats, ...ranges };
    const sessions = { now: formats.range(barDays), before: formats.range(barDaysBefore) };
    const line = span === "month" ? daily(now.days, before.days, formats) : hourly(now, before, dayStart, formats);
    return {
      ...ranges,
      hours: hoursOf(now, before, dayStart, span === "day", context),
      sessions: {
        ...sessions,
        ...sheetOf(words("sessionsADay"), words("day"), paired(bars, barsBefore, barDays, formats), formats.whole, {
          ...context,
          ...sessions,
        }),
      },
      line: sheetOf(
        words(span === "month" ? "byDay" : "byHour"),
        words(span === "month" ? "day" : "hour"),
        line,
        formats.percent,
        context,
      ),
      zones: sheetOf(words("byZone"), words("zone"), zonesOf(now, before, words), formats.percent, context),
      stations: sheetOf(words("leastUsed"), words("station"), leastUsed(now, before), formats.percent, context),
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the days are in these figures, under new objects each time
  }, [now, before, bars, barsBefore, span, days.from, days.to, compared.from, compared.to, words, formats, dayStart]);
}

interface Context {
  words: Translate<"reports">;
  formats: Formats;
  now: string;
  before: string;
}

function sheetOf(
  title: string,
  what: string,
  data: Pair[],
  shown: (value: number) => string,
  { now, before }: Context,
): Charted<Pair[]> {
  const cell = (value: number | null): SheetCell => ({ shown: value === null ? NOT_KNOWN : shown(value), value });
  const rows = data.map((pair) => [pair.label, cell(pair.now), cell(pair.before)]);
  return { data, sheet: { title, head: [what, now, before], rows } };
}

function hoursOf(now: Figures, before: Figures, dayStart: number, oneDay: boolean, { words, formats }: Context) {
  const hours = openHours([now.hours, before.hours], dayStart);
  const all = byBusinessDay(now.hours, dayStart);
  const rows = oneDay ? all.filter((row) => row.some((slot) => slot.ratio !== null)) : all;
  const cells = (row: Slot[]) => row.filter((slot) => hours.includes(slot.hour)).map(cell);
  const cell = ({ averageStations: value }: Slot): SheetCell => ({
    shown: value === null ? NOT_KNOWN : formats.short(value),
    value,
  });
  const sheet: Sheet = {
    title: words("peakHours"),
    head: [words("stationsInUse"), ...hours.map(formats.hour)],
    rows: rows.map((row) => [formats.weekday(row[0]?.weekday ?? 1), ...cells(row)]),
  };
  return { sheet, data: { hours, rows } };
}

function hourly(now: Figures, before: Figures, dayStart: number, formats: Formats): Pair[] {
  const hours = openHours([now.hours, before.hours], dayStart);
  const earlier = byHour(before.hours, hours);
  return byHour(now.hours, hours).map(({ hour, ratio }, number) => ({
    label: `${formats.hour(hour)}:${formats.hour(0)}`,
    now: ratio,
    before: earlier[number]?.ratio ?? null,
  }));
}

function daily(now: readonly Use[], before: readonly Use[], formats: Formats): Pair[] {
  return now.map(({ day, ratio }, number) => ({
    label: formats.tick(day ?? "", false),
    now: ratio,
    before: before[number]?.ratio ?? null,
  }));
}

/** Sessions that began on each day, beside those of the day in the same place before. */
function paired(now: readonly Use[], before: readonly Use[], days: Days, formats: Formats): Pair[] {
  const few = lengthOf(days) <= 7;
  return now.map(({ day, sessions }, number) => ({
    label: formats.tick(day ?? "", few),
    now: sessions,
    before: before[number]?.sessions ?? null,
  }));
}

function zonesOf(now: Figures, before: Figures, words: Translate<"reports">): Pair[] {
  return now.zones.map(({ zone, ratio }) => ({
    label: zone?.name ?? words("noZone"),
    now: ratio,
    before: before.zones.find((other) => other.zone?.id === zone?.id)?.ratio ?? null,
  }));
}

function leastUsed(now: Figures, before: Figures): Pair[] {
  return now.stations
    .filter((row) => row.ratio !== null)
    .sort((one, other) => (one.ratio ?? 0) - (other.ratio ?? 0))
    .slice(0, LEAST_USED)
    .map(({ station, ratio }) => ({
      label: station?.name ?? "",
      now: ratio,
      before: before.stations.find((other) => other.station?.id === station?.id)?.ratio ?? null,
    }));
}
