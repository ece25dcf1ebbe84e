import { expect, it } from "vitest";
import { changesOf } from "./key-figures";
import type { Figures } from "./queries";

function figures(ratio: number | null, sessions: number, played: number, lost: number): Figures {
  return {
    total: { ratio, sessions, played_seconds: played, open_seconds: 0 },
    ended: { sessions, played_seconds: played },
    lost_seconds: lost,
    days: [],
    zones: [],
    stations: [],
    hours: [],
    anomalies: 0,
  };
}

it("says how each figure differs: shares by points, numbers by per cent, lengths by themselves", () => {
  const found = changesOf(figures(0.58, 106, 360_000, 3600), figures(0.54, 100, 300_000, 7200));
  expect(
    found.map(({ name, change, changeUnit }) => [name, change && Math.round(change * 10) / 10, changeUnit]),
  ).toEqual([
    ["utilisation", 4, "points"],
    ["sessions", 6, "percent"],
    ["played", 20, "percent"],
    ["average", 6.6, "minutes"],
    ["lost", -1, "hours"],
  ]);
});

it("compares nothing with what wasn't there", () => {
  const found = changesOf(figures(0.5, 3, 3600, 0), figures(null, 0, 0, 0));
  expect(found.map(({ change }) => change)).toEqual([null, null, null, null, 0]);
  expect(changesOf(figures(null, 0, 0, 0), figures(null, 0, 0, 0))[3]?.now).toBeNull();
});
