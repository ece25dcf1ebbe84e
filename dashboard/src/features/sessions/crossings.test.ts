import { expect, it } from "vitest";
import { aSession, aStation, NOW } from "../../../tests/floor";
import { crossings, type Phases } from "./crossings";

const floor = (left: number, changes = {}) => [{ station: aStation(), session: aSession(left, changes) }];
const WARNING = 300;

/** What is heard at each of these moments, in seconds left. */
function heard(...lefts: number[]) {
  let phases: Phases = new Map();
  return lefts.map((left) => {
    const next = crossings(phases, floor(left), NOW, WARNING);
    phases = next.phases;
    return next.crossed;
  });
}

it("sounds once at the warning's time and once when time is up", () => {
  expect(heard(302, 301, 300, 299, 1, 0, -1)).toEqual([null, null, "warning", null, null, "up", null]);
});

it("is silent about what was so before the page was there", () => {
  expect(heard(200, 199)).toEqual([null, null]);
  expect(heard(-5, -6)).toEqual([null, null]);
});

it("sounds again after more time was given", () => {
  expect(heard(301, 300, 1200, 300)).toEqual([null, "warning", null, "warning"]);
});

it("leaves out sessions that are paused or were ended by hand", () => {
  const before: Phases = new Map([["session-1", "far"]]);
  expect(crossings(before, floor(10, { status: "paused", scheduled_end_at: null }), NOW, WARNING).crossed).toBeNull();
  expect(crossings(before, floor(0, { status: "ended", end_reason: "manual_stop" }), NOW, WARNING).crossed).toBeNull();
});
