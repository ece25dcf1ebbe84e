import { expect, it } from "vitest";
import { english } from "../../../tests/words";
import { DEFAULT_LIMITS, readMinutes } from "./minutes";

const words = english("sessions");

it.each([
  ["1", 1],
  [" 45 ", 45],
  ["1440", 1440],
])("reads %j", (typed, minutes) => {
  expect(readMinutes(typed, DEFAULT_LIMITS, words)).toEqual({ minutes });
});

it.each(["", "0", "-5", "1.5", "4x", "1e2", "1441", "٦٠"])("refuses %j and says what to type", (typed) => {
  expect(readMinutes(typed, DEFAULT_LIMITS, words)).toEqual({ problem: "Whole minutes from 1 to 1440." });
});

it("keeps the venue's own limits and steps", () => {
  const limits = { min_minutes: 30, max_minutes: 240, step_minutes: 15 };
  expect(readMinutes("45", limits, words)).toEqual({ minutes: 45 });
  expect(readMinutes("50", limits, words)).toEqual({ problem: "Steps of 15 minutes from 30 to 240." });
});
