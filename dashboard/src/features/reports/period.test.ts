import { describe, expect, it } from "vitest";
import { comparedWith, daysOfBars, daysOfSpan, readPeriod, stepped } from "./period";

const today = "2026-11-18"; // a Wednesday

function of(query: Record<string, string>) {
  return readPeriod((name) => query[name] ?? null, today);
}

describe("what an address asks for", () => {
  it("is this week and the same days of the one before, unless said", () => {
    expect(of({})).toEqual({
      span: "week",
      days: { from: "2026-11-16", to: "2026-11-22" },
      comparison: "before",
      compared: { from: "2026-11-09", to: "2026-11-11" },
      isLast: true,
    });
  });

  it("falls back where it can't be read, and never looks ahead", () => {
    expect(of({ span: "year", day: "2026-02-30", with: "week" })).toEqual(of({}));
    expect(of({ day: "2027-01-01" })).toEqual(of({}));
  });

  it("is a whole time that is over, compared with all of the one before", () => {
    const { days, compared, isLast } = of({ day: "2026-11-12" });
    expect([days, compared, isLast]).toEqual([
      { from: "2026-11-09", to: "2026-11-15" },
      { from: "2026-11-02", to: "2026-11-08" },
      false,
    ]);
  });
});

it("knows weeks from Monday on, and months of every length", () => {
  expect(daysOfSpan("week", "2026-11-15")).toEqual({ from: "2026-11-09", to: "2026-11-15" });
  expect(daysOfSpan("week", "2026-11-16")).toEqual({ from: "2026-11-16", to: "2026-11-22" });
  expect(daysOfSpan("month", "2028-02-10")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
  expect(daysOfSpan("day", today)).toEqual({ from: today, to: today });
});

it("steps by whole days, weeks and months, over the end of a year too", () => {
  expect(stepped({ span: "month", days: daysOfSpan("month", "2026-01-31") }, -1)).toBe("2025-12-01");
  expect(stepped({ span: "month", days: daysOfSpan("month", "2026-12-31") }, 1)).toBe("2027-01-01");
  expect(stepped({ span: "week", days: daysOfSpan("week", "2026-01-01") }, -1)).toBe("2025-12-22");
  expect(stepped({ span: "day", days: daysOfSpan("day", "2026-03-01") }, -1)).toBe("2026-02-28");
});

it("compares like with like", () => {
  const month = daysOfSpan("month", "2026-03-15");
  expect(comparedWith("month", month, "before", today)).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  expect(comparedWith("month", month, "year", today)).toEqual({ from: "2025-03-01", to: "2025-03-31" });
  const day = daysOfSpan("day", "2026-11-14");
  expect(comparedWith("day", day, "week", today)).toEqual({ from: "2026-11-07", to: "2026-11-07" });
  expect(comparedWith("day", day, "year", today)).toEqual({ from: "2025-11-15", to: "2025-11-15" });
  // The 30th of March so far has no counterpart in February.
  const march = daysOfSpan("month", "2026-03-30");
  expect(comparedWith("month", march, "before", "2026-03-30")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
});

it("shows a single day's sessions among those of the days before", () => {
  const { span, days, compared } = of({ span: "day" });
  expect(daysOfBars({ span, days, compared })).toEqual([
    { from: "2026-11-12", to: "2026-11-18" },
    { from: "2026-11-05", to: "2026-11-11" },
  ]);
});
