import type { Station } from "@/lib/api";

export const TILE_WIDTH = 144;
export const TILE_HEIGHT = 88;
export const TILE_GAP = 8;

export interface Place {
  id: string;
  /** Pixels from the zone's inner corner, or null in a zone that flows. */
  x: number | null;
  y: number | null;
}

export interface PlanZone {
  id: string;
  name: string;
  places: Place[];
  /** Size of the tiles' area in pixels. */
  width: number;
  height: number;
}

/**
 * The floor by zones. A zone whose stations all have their own place on the plan keeps those places; in any other one the
 * tiles flow in rows by name. Stations come in the order of their names; zones from the top left of the plan.
 */
export function planOf(stations: readonly Station[]): PlanZone[] {
  const zones = new Map<string, Station[]>();
  for (const station of stations) {
    const id = station.zone?.id ?? "";
    zones.set(id, [...(zones.get(id) ?? []), station]);
  }
  return [...zones]
    .map(([id, members]) => ({ ...zoneOf(id, members), origin: originOf(members) }))
    .sort((a, b) => a.origin.y - b.origin.y || a.origin.x - b.origin.x)
    .map(({ id, name, places, width, height }) => ({ id, name, places, width, height }));
}

function zoneOf(id: string, members: Station[]): PlanZone {
  const name = members[0]?.zone?.name ?? "No zone";
  return { id, name, ...(placed(members) ?? flowing(members)) };
}

type Layout = Pick<PlanZone, "places" | "width" | "height">;

function placed(members: Station[]): Layout | null {
  const origin = originOf(members);
  const places: { id: string; x: number; y: number }[] = [];
  for (const { id, position } of members) {
    if (!position) return null;
    places.push({ id, x: position.x - origin.x, y: position.y - origin.y });
  }
  const apart = places.every((a, index) => places.slice(index + 1).every((b) => !overlap(a, b)));
  if (!apart) return null;
  places.sort((a, b) => a.y - b.y || a.x - b.x);
  return {
    places,
    width: Math.max(...places.map((place) => place.x)) + TILE_WIDTH,
    height: Math.max(...places.map((place) => place.y)) + TILE_HEIGHT,
  };
}

function overlap(a: { x: number; y: number }, b: { x: number; y: number }): boolean {
  return Math.abs(a.x - b.x) < TILE_WIDTH && Math.abs(a.y - b.y) < TILE_HEIGHT;
}

function flowing(members: Station[]): Layout {
  const columns = columnsFor(members.length);
  const rows = Math.ceil(members.length / columns);
  return {
    places: members.map(({ id }) => ({ id, x: null, y: null })),
    width: columns * (TILE_WIDTH + TILE_GAP) - TILE_GAP,
    height: rows * (TILE_HEIGHT + TILE_GAP) - TILE_GAP,
  };
}

/** Two rows for a small zone, five or seven columns for a large one. */
function columnsFor(count: number): number {
  if (count <= 2) return count;
  if (count <= 10) return Math.ceil(count / 2);
  return count <= 25 ? 5 : 7;
}

function originOf(members: Station[]): { x: number; y: number } {
  const positions = members.flatMap(({ position }) => position ?? []);
  return {
    x: Math.min(Infinity, ...positions.map((p) => p.x)),
    y: Math.min(Infinity, ...positions.map((p) => p.y)),
  };
}
