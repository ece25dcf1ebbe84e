import { describe, expect, it } from "vitest";
import { addDays, businessDay, dayStartsAt, isDay } from "./business-day";
import { daysOf, freeChoice, readDayChoice } from "./day-range";

const at = (text: string): number => Date.parse(text);

describe("a business day", () => {
  it.each([
    ["2026-11-20T05:59:59Z", "UTC", 360, "2026-11-19"],
    ["2026-11-20T06:00:00Z", "UTC", 360, "2026-11-20"],
    ["2026-11-20T21:00:00Z", "Europe/Istanbul", 0, "2026-11-21"],
    ["2026-11-20T20:59:59Z", "Europe/Istanbul", 0, "2026-11-20"],
    // The autumn night of Madrid: 2:30 comes at 0:30 Z and again at 1:30 Z.
    ["2026-10-25T00:29:59Z", "Europe/Madrid", 150, "2026-10-24"],
    ["2026-10-25T00:30:00Z", "Europe/Madrid", 150, "2026-10-25"],
    ["2026-10-25T01:10:00Z", "Europe/Madrid", 150, "2026-10-25"],
  ])("at %s in %s, starting at minute %i, is %s", (instant, zone, start, day) => {
    expect(businessDay(at(instant), zone, start)).toBe(day);
  });

  it.each([
    ["2026-11-20", "America/New_York", 360, "2026-11-20T11:00:00Z"],
    // The spring night of Madrid has no 2:30: the day begins where the gap ends.
    ["2026-03-29", "Europe/Madrid", 150, "2026-03-29T01:00:00Z"],
    ["2026-10-25", "Europe/Madrid", 150, "2026-10-25T00:30:00Z"],
    ["2026-10-04", "Australia/Lord_Howe", 130, "2026-10-03T15:30:00Z"],
  ])("of %s in %s, starting at minute %i, begins at %s", (day, zone, start, instant) => {
    expect(dayStartsAt(day, zone, start)).toBe(at(instant));
  });

  it("is counted by the calendar", () => {
    expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
    expect([isDay("2026-02-29"), isDay("2028-02-29"), isDay("20260101")]).toEqual([false, true, false]);
  });
});

describe("a choice of days", () => {
  it.each([
    ["today", { from: "2026-11-20", to: "2026-11-20" }],
    ["yesterday", { from: "2026-11-19", to: "2026-11-19" }],
    ["7", { from: "2026-11-14", to: "2026-11-20" }],
    ["30", { from: "2026-10-22", to: "2026-11-20" }],
    ["all", null],
    ["2026-11-01..2026-11-03", { from: "2026-11-01", to: "2026-11-03" }],
  ])("%s covers %o", (choice, days) => {
    expect(daysOf(readDayChoice(choice, "today"), "2026-11-20")).toEqual(days);
  });

  it("is put in order, and what can't be read is the usual one", () => {
    expect(freeChoice("2026-11-03", "2026-11-01")).toBe("2026-11-01..2026-11-03");
    expect(readDayChoice("2026-11-03..2026-11-01", "7")).toBe("2026-11-01..2026-11-03");
    expect([null, "2026-11-41..2026-11-02", "nonsense"].map((text) => readDayChoice(text, "7"))).toEqual([
      "7",
      "7",
      "7",
    ]);
  });
});
