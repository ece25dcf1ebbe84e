import { expect, it } from "vitest";
import { freePlace, newZoneBox, sized, snap, tileAt } from "./boxes";

const zone = { x: 0, y: 0, w: 328, h: 240 };

it("keeps to the grid and on the plan", () => {
  expect([snap(11), snap(12), snap(-5)]).toEqual([8, 16, 0]);
});

it("keeps a tile within its zone's margins", () => {
  expect(tileAt(-50, 0, zone)).toMatchObject({ x: 16, y: 40 });
  expect(tileAt(500, 500, zone)).toMatchObject({ x: 168, y: 136 });
});

it("never makes a zone too small for its tiles", () => {
  expect(sized(zone, 8, 8, [tileAt(168, 136, zone)])).toMatchObject({ w: 328, h: 240 });
  expect(sized(zone, 8, 8, [])).toMatchObject({ w: 176, h: 144 });
});

it("finds the first free place, and none in a full zone", () => {
  const first = tileAt(16, 40, zone);
  expect(freePlace(zone, [])).toEqual(first);
  expect(freePlace(zone, [first])).toMatchObject({ x: 168, y: 40 });
  const all = [first, tileAt(168, 40, zone), tileAt(16, 136, zone), tileAt(168, 136, zone)];
  expect(freePlace(zone, all)).toBeNull();
});

it("puts a new zone below the others, with room for its stations", () => {
  expect(newZoneBox([zone], 4)).toEqual({ x: 0, y: 256, w: 632, h: 144 });
});
