import { expect, it } from "vitest";
import { csvOf } from "./sheet";

it("writes the tables one below the other, numbers in full and names as they are", () => {
  const text = csvOf([
    { title: "By zone", head: ["Zone", "Now"], rows: [['Hall, "big"', { shown: "66 %", value: 0.66123 }]] },
    { title: "Peak hours", head: ["Day", "10"], rows: [["Mon", { shown: "–", value: null }]] },
  ]);
  expect(text).toBe('\uFEFFBy zone\r\nZone,Now\r\n"Hall, ""big""",0.6612\r\n\r\nPeak hours\r\nDay,10\r\nMon,\r\n');
});

it("lets no name run as a formula", () => {
  expect(csvOf([{ title: "T", head: ["A"], rows: [["=1+1"], ["@x"], ["-"]] }])).toContain("'=1+1\r\n'@x\r\n'-\r\n");
});
