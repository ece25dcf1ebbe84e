import { describe, expect, it } from "vitest";
import { aStation } from "../../../tests/floor";
import { byZone, contactOf, isOlder, isSought, versionsOf } from "./roster";

const all = { text: "", zone: null, show: null };

describe("contactOf", () => {
  it.each([
    [aStation(), "connected"],
    [aStation({ connected: false }), "away"],
    [aStation({ connected: false, last_seen: null }), "never"],
    [aStation({ driver: "manual", connected: false, last_seen: null }), "byHand"],
  ])("knows how a station stands to its PC", (station, contact) => {
    expect(contactOf(station)).toBe(contact);
  });
});

describe("isSought", () => {
  it.each(["pc-01", "ARENA-PC", "windows", " 1.0.0 "])("finds %j in a station or its PC", (text) => {
    expect(isSought(aStation(), { ...all, text }, "1.0.0")).toBe(true);
  });

  it("filters by zone, contact and agent", () => {
    const station = aStation({ connected: false, agent_version: "0.9.0" });
    expect(isSought(station, { ...all, zone: "zone-1", show: "away" }, "1.0.0")).toBe(true);
    expect(isSought(station, { ...all, show: "connected" }, "1.0.0")).toBe(false);
    expect(isSought(station, { ...all, zone: "" }, "1.0.0")).toBe(false);
    expect(isSought(station, { ...all, show: "older" }, "1.0.0")).toBe(true);
    expect(isSought(station, { ...all, show: "maintenance" }, "1.0.0")).toBe(false);
  });
});

it("lists zones in the order of the plan, and what has none last", () => {
  const zones = ["b", "a"].map((id) => ({ id, name: id, position: null, sequence: 0 }));
  const stations = [aStation({ id: "1", zone: null }), aStation({ id: "2", zone: { id: "a", name: "a" } })];
  expect(byZone(stations, zones).map(({ zone, stations }) => [zone?.id, stations.length])).toEqual([
    ["b", 0],
    ["a", 1],
    [undefined, 1],
  ]);
});

it("puts the newest version of the agents first", () => {
  const stations = ["1.9.0", "1.10.0-rc.1", "1.10.0", "1.9.0"].map((agent_version) => aStation({ agent_version }));
  expect(versionsOf(stations).map(({ version, count }) => `${version} ${count}`)).toEqual([
    "1.10.0 1",
    "1.10.0-rc.1 1",
    "1.9.0 2",
  ]);
  expect(isOlder(aStation({ agent_version: "1.9.0" }), "1.10.0")).toBe(true);
  expect(isOlder(aStation({ driver: "manual", agent_version: null }), "1.10.0")).toBe(false);
});
