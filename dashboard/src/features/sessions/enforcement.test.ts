import { describe, expect, it } from "vitest";
import { aStation } from "../../../tests/floor";
import { english } from "../../../tests/words";
import { afterGrace, atOnce } from "./enforcement";

const spoken = english("sessions");

describe("when the grace ends", () => {
  it.each([
    [true, true, "PC-01 locks and logs out when the grace ends."],
    [true, false, "PC-01 locks when the grace ends."],
    [null, true, "PC-01 logs out when the grace ends."],
    [null, null, "When the grace ends, PC-01 locks and logs out if it is set up to."],
    [false, null, "When the grace ends, PC-01 locks and logs out if it is set up to."],
    [false, false, "Nothing locks PC-01, so close it yourself."],
  ])("with lock %j and logout %j: %s", (auto_lock, auto_logout, words) => {
    expect(afterGrace(aStation(), { auto_lock, auto_logout }, spoken)).toBe(words);
  });

  it("promises nothing before the venue is known, nor at a station that is closed by hand", () => {
    expect(afterGrace(aStation(), undefined, spoken)).toContain("if it is set up to");
    expect(afterGrace(aStation({ driver: "manual" }), { auto_lock: true, auto_logout: true }, spoken)).toContain(
      "Nothing locks",
    );
  });
});

it.each([
  [true, true, "The PC locks at once."],
  [null, true, "The PC locks at once if it is set up to."],
  [false, true, "Nothing locks PC-01, so close it yourself."],
  [true, false, "The PC can’t be reached; when it answers, it locks."],
])("an end by hand, with lock %j and connected %j: %s", (auto_lock, connected, words) => {
  expect(atOnce(aStation({ connected }), { auto_lock, auto_logout: null }, spoken)).toBe(words);
});
