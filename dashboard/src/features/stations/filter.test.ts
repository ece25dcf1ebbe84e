import { expect, it } from "vitest";
import { matches as matchesWith, NO_FILTER, type Filter } from "./filter";
import type { TileView } from "./tile";

type Sought = Pick<TileView, "name" | "player" | "occupied" | "state" | "warning">;
const matches = (filter: Partial<Filter>, view: Sought) =>
  matchesWith({ ...NO_FILTER, ...filter }, { kind: "pc", tone: null, ...view }, "Guest");

const pc = { name: "PC-07", player: "Oğuzhan T.", occupied: true, state: "soon", warning: null } as const;

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
  expect(
    matches(
      { group: "free", text: "" },
      { name: "PC-01", player: null, occupied: false, state: "free", warning: null },
    ),
  ).toBe(true);
});

it("looks across the states for what somebody should check", () => {
  expect(matches({ group: "check", text: "" }, pc)).toBe(false);
  const warned = { ...pc, state: "waiting", warning: "cantOpen" } as const;
  expect(matches({ group: "check", text: "" }, warned)).toBe(true);
  expect(matches({ group: "check", text: "08" }, warned)).toBe(false);
});

it("looks for a kind, and for the colour of the time", () => {
  expect(matches({ kind: "pc" }, pc)).toBe(true);
  expect(matches({ kind: "console" }, pc)).toBe(false);
  const offline = { ...pc, state: "offline", tone: "last" } as const;
  expect(matches({ group: "last" }, offline)).toBe(true);
  expect(matches({ group: "soon" }, offline)).toBe(false);
});
