import { describe, expect, it } from "vitest";
import type { Station, Zone } from "@/lib/api";
import { aStation } from "../../../tests/floor";
import { planOf } from "./plan";

const hall = { id: "hall", name: "Main hall" };
const lounge = { id: "lounge", name: "Lounge" };
const box = (x: number, y: number, w = 144, h = 88) => ({ x, y, w, h });

function station(id: string, zone: Station["zone"], position: Station["position"] = null): Station {
  return aStation({ id, name: id, zone, position });
}

function zone(ref: { id: string; name: string }, position: Zone["position"]): Zone {
  return { ...ref, position, sequence: 1 };
}

describe("a floor with places", () => {
  const zones = [zone(hall, box(8, 8, 632, 248)), zone(lounge, box(656, 8, 328, 248))];
  const stations = [
    station("PC-01", hall, box(16, 40)),
    station("PC-02", hall, box(168, 40)),
    station("PC-03", hall, box(16, 136)),
    station("PS-01", lounge, box(16, 40)),
  ];

  it("keeps every zone and station where the venue put it", () => {
    const plan = planOf(stations, zones);
    expect(plan.size).toEqual({ width: 976, height: 248 });
    expect(plan.zones.map(({ id, box }) => ({ id, box }))).toEqual([
      { id: "hall", box: { x: 0, y: 0, width: 632, height: 248 } },
      { id: "lounge", box: { x: 648, y: 0, width: 328, height: 248 } },
    ]);
    expect(plan.zones[0]?.places).toEqual([
      { id: "PC-01", at: { x: 0, y: 0 } },
      { id: "PC-02", at: { x: 152, y: 0 } },
      { id: "PC-03", at: { x: 0, y: 96 } },
    ]);
  });

  it("lets a zone grow that is drawn too small", () => {
    const plan = planOf(stations, [zone(hall, box(0, 0, 100, 100)), zone(lounge, box(900, 0, 176, 144))]);
    expect(plan.zones[0]?.box).toEqual({ x: 0, y: 0, width: 328, height: 240 });
  });

  it("puts what has no zone below the map, and moves nothing for it", () => {
    const plan = planOf([...stations, station("PC-99", null)], zones);
    expect(plan.zones[2]).toMatchObject({ id: "", name: "", box: { x: 0, y: 264 } });
    expect(plan.zones[0]?.box).toMatchObject({ x: 0, y: 0 });
  });

  it("lays a zone's stations in rows when one has no place", () => {
    const plan = planOf([...stations, station("PC-04", hall)], zones);
    expect(plan.zones[0]?.places.map(({ at }) => at)).toEqual([null, null, null, null]);
    expect(plan.zones[0]?.box).toMatchObject({ width: 632 });
  });
});

describe("a floor without places", () => {
  it("flows, with the zones in the order of their stations", () => {
    const plan = planOf([station("PC-01", hall), station("PS-01", lounge), station("PC-02", hall)], []);
    expect(plan.size).toBeNull();
    expect(plan.zones.map(({ id, box, places }) => [id, box, places.length])).toEqual([
      ["hall", null, 2],
      ["lounge", null, 1],
    ]);
  });

  it("flows when two stations would lie over each other", () => {
    const plan = planOf([station("PC-01", hall, box(0, 0)), station("PC-02", hall, box(80, 40))], []);
    expect(plan.zones[0]?.places.every(({ at }) => at === null)).toBe(true);
  });

  it("flows as a whole when two zones would lie over each other", () => {
    const zones = [zone(hall, box(0, 0, 632, 248)), zone(lounge, box(100, 100, 328, 248))];
    expect(planOf([station("PC-01", hall, box(0, 0)), station("PS-01", lounge, box(0, 0))], zones).size).toBeNull();
  });

  it("is empty without stations", () => {
    expect(planOf([], [zone(hall, box(0, 0))])).toEqual({ zones: [], size: null });
  });
});
