import { describe, expect, it } from "vitest";
import { namesFrom, nextName } from "./names";

describe("namesFrom", () => {
  it.each([
    ["PC-21", 3, ["PC-21", "PC-22", "PC-23"]],
    ["PC-09", 2, ["PC-09", "PC-10"]],
    [" VIP 099 ", 2, ["VIP 099", "VIP 100"]],
    ["Lounge", 1, ["Lounge"]],
    ["Xbox", 2, ["Xbox 1", "Xbox 2"]],
  ])("counts on from %j", (first, count, names) => {
    expect(namesFrom(first, count)).toEqual(names);
  });
});

describe("nextName", () => {
  it.each([
    [[], "PC-01"],
    [["Bar"], "PC-01"],
    [["PC-01", "PC-02"], "PC-03"],
    [["PC-08", "PC-09", "Sofa"], "PC-10"],
  ])("goes on after %j", (names, next) => {
    expect(nextName(names)).toBe(next);
  });
});
