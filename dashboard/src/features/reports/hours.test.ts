import { describe, expect, it } from "vitest";
import { byBusinessDay, byHour, extremes, heatStep, openHours } from "./hours";
import type { PeakHour } from "./queries";

/** A week in which three of four stations are played on in these hours, and none else. */
function week(full: readonly [number, number][]): PeakHour[] {
  return [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
    Array.from({ length: 24 }, (_, hour) => {
      const played = full.some(([day, at]) => day === weekday && at === hour);
      return {
        weekday,
        hour,
        seconds: 3600,
        played_seconds: played ? 10_800 : 0,
        average_stations: played ? 3 : 0,
        open_seconds: 14_400,
        ratio: played ? 0.75 : 0,
      };
    }),
  );
}

describe("hours by business day", () => {
  it("count the night to the evening before it, the week's last night too", () => {
    const rows = byBusinessDay(week([[6, 1], [1, 2], [5, 21]]), 360); // prettier-ignore
    const full = rows.flat().filter((slot) => slot.ratio === 0.75);
    expect(full.map(({ weekday, hour }) => [weekday, hour])).toEqual([[5, 21], [5, 1], [7, 2]]); // prettier-ignore
    expect(rows[0]?.[0]?.hour).toBe(6);
    expect(rows[0]?.at(-1)?.hour).toBe(5);
  });

  it("are those of the calendar where the day begins at midnight", () => {
    const rows = byBusinessDay(week([[6, 0]]), 0);
    expect(rows[5]?.[0]).toEqual({ weekday: 6, hour: 0, ratio: 0.75, averageStations: 3 });
  });
});

it("shows the hours from the first to the last in which anybody played, over midnight", () => {
  expect(openHours([week([[1, 22]]), week([[3, 1]])], 360)).toEqual([22, 23, 0, 1]);
  expect(openHours([week([])], 360)).toEqual([]);
});

it("adds up the days of an hour by time, and knows nothing of a time when nothing was there", () => {
  const items = week([[1, 20], [2, 20]]); // prettier-ignore
  expect(byHour(items, [20, 21])).toEqual([
    { hour: 20, ratio: 21_600 / (7 * 14_400) },
    { hour: 21, ratio: 0 },
  ]);
  expect(byHour([], [20])).toEqual([{ hour: 20, ratio: null }]);
});

it("names the fullest and the emptiest hour, and none where there is nothing", () => {
  const slots = byBusinessDay(week([[6, 21]]), 360).flat();
  expect(extremes(slots)?.busiest).toMatchObject({ weekday: 6, hour: 21 });
  expect(extremes(slots)?.quietest).toMatchObject({ weekday: 1, hour: 6 });
  expect(extremes([])).toBeNull();
});

it("has a colour for each eighth", () => {
  expect([0, 0.124, 0.125, 0.5, 0.99, 1, 1.2].map(heatStep)).toEqual([0, 0, 1, 4, 7, 7, 7]);
});
