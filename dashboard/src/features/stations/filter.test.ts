import { expect, it } from "vitest";
import { matches } from "./filter";

const pc = { name: "PC-07", player: "Oğuzhan T.", state: "soon" } as const;

it.each([
  ["", true],
  ["pc-07", true],
  ["07", true],
  ["oğuz", true],
  [" T. ", true],
  ["PC-08", false],
])("finds PC-07 with Oğuzhan T. by %j: %s", (text, found) => {
  expect(matches({ group: null, text }, pc)).toBe(found);
});

it("looks for a state and a name together", () => {
  expect(matches({ group: "in-session", text: "07" }, pc)).toBe(true);
  expect(matches({ group: "free", text: "07" }, pc)).toBe(false);
  expect(matches({ group: "free", text: "" }, { name: "PC-01", player: null, state: "free" })).toBe(true);
});
