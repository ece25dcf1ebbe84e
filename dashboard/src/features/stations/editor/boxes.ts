import type { Zone } from "@/lib/api";
import { HEADING, MARGIN, TILE_HEIGHT, TILE_WIDTH } from "../plan";

export type Box = NonNullable<Zone["position"]>;

export const GRID = 8;
const GAP = 8;
const LARGEST = 20_000;

/** The nearest place on the grid, and on the plan. */
export function snap(length: number): number {
  return Math.min(LARGEST, Math.max(0, Math.round(length / GRID) * GRID));
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** A tile at a place within its zone, as near to what was wanted as the zone's margins allow. */
export function tileAt(x: number, y: number, zone: Box): Box {
  const most = { x: zone.w - MARGIN - TILE_WIDTH, y: zone.h - MARGIN - TILE_HEIGHT };
  return {
    x: snap(Math.max(MARGIN, Math.min(x, most.x))),
    y: snap(Math.max(HEADING, Math.min(y, most.y))),
    w: TILE_WIDTH,
    h: TILE_HEIGHT,
  };
}

/** A zone of that size, but never too small for its tiles. */
export function sized(zone: Box, w: number, h: number, tiles: readonly Box[]): Box {
  const right = Math.max(TILE_WIDTH + MARGIN, ...tiles.map((tile) => tile.x + tile.w)) + MARGIN;
  const bottom = Math.max(TILE_HEIGHT + HEADING, ...tiles.map((tile) => tile.y + tile.h)) + MARGIN;
  return { ...zone, w: Math.max(snap(w), right), h: Math.max(snap(h), bottom) };
}

/** The first place in a zone where no other tile is; null when it is full. */
export function freePlace(zone: Box, tiles: readonly Box[]): Box | null {
  for (let y = HEADING; y + TILE_HEIGHT + MARGIN <= zone.h; y += TILE_HEIGHT + GAP) {
    for (let x = MARGIN; x + TILE_WIDTH + MARGIN <= zone.w; x += TILE_WIDTH + GAP) {
      const box = { x, y, w: TILE_WIDTH, h: TILE_HEIGHT };
      if (!tiles.some((tile) => overlap(tile, box))) return box;
    }
  }
  return null;
}

/** A place for a new zone, below all others, with room for so many stations. */
export function newZoneBox(zones: readonly Box[], stations: number): Box {
  const columns = Math.min(5, Math.max(2, stations));
  const rows = Math.max(1, Math.ceil(stations / columns));
  return {
    x: 0,
    y: zones.length === 0 ? 0 : snap(Math.max(...zones.map((zone) => zone.y + zone.h)) + MARGIN),
    w: columns * (TILE_WIDTH + GAP) - GAP + 2 * MARGIN,
    h: rows * (TILE_HEIGHT + GAP) - GAP + HEADING + MARGIN,
  };
}
