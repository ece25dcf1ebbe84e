import { expect, it } from "vitest";
import { axisOf } from "./axis";

it("ends at or above the highest value, in round whole steps", () => {
  expect(axisOf(352)).toEqual({ most: 400, ticks: [0, 100, 200, 300, 400] });
  expect(axisOf(7)).toEqual({ most: 8, ticks: [0, 2, 4, 6, 8] });
  expect(axisOf(1)).toEqual({ most: 1, ticks: [0, 1] });
  expect(axisOf(0)).toEqual({ most: 1, ticks: [0, 1] });
  for (const most of [3, 9, 11, 26, 99, 101, 1234]) {
    const axis = axisOf(most);
    expect(axis.most).toBeGreaterThanOrEqual(most);
    expect(axis.ticks.every(Number.isInteger)).toBe(true);
  }
});
