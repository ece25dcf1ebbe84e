import type { Station, Zone } from "@/lib/api";

export const TILE_WIDTH = 144;
export const TILE_HEIGHT = 88;
const GAP = 8;
/** A zone's own measures: its heading, and the margin around its tiles. */
const HEADING = 40;
const MARGIN = 16;

interface Point {
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}

export interface Place {
  id: string;
  /** From the corner of the tiles' area, in pixels; null where the tiles flow. */
  at: Point | null;
}

export interface PlanZone {
  id: string;
  /** Empty for the stations that are in none. */
  name: string;
  places: Place[];
  /** Size of the tiles' area. */
  area: Size;
  /** The zone's own place on the plan; null where the zones flow. */
  box: (Point & Size) | null;
}

export interface Plan {
  zones: PlanZone[];
  /** Null where the zones flow. */
  size: Size | null;
}

/**
 * The floor as a map: zones and stations at the places that the venue gave them. Where stations of a zone have none, or
 * lie over each other, the zone's stations stand in rows by name; a floor without places for its zones flows as a whole.
 */
export function planOf(stations: readonly Station[], zones: readonly Zone[]): Plan {
  const members = new Map<string, Station[]>();
  for (const station of stations) {
    const id = station.zone?.id ?? "";
    members.set(id, [...(members.get(id) ?? []), station]);
  }
  const positions = new Map(zones.map((zone) => [zone.id, zone.position]));
  const laid = [...members].map(([id, list]) => layOut(id, list, positions.get(id) ?? null));
  const map = laid.flatMap((zone) => (zone.box ? [{ ...zone, box: zone.box }] : []));
  if (map.length === 0 || anyOverlap(map.map(({ box }) => box))) {
    return { zones: laid.map((zone) => ({ ...zone, box: null })), size: null };
  }
  map.sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
  const left = Math.min(...map.map(({ box }) => box.x));
  const top = Math.min(...map.map(({ box }) => box.y));
  const placed = map.map((zone) => ({ ...zone, box: { ...zone.box, x: zone.box.x - left, y: zone.box.y - top } }));

  // Zones without a place stand in a row below the map.
  const y = Math.max(...placed.map(({ box }) => box.y + box.height)) + MARGIN;
  let x = 0;
  for (const zone of laid.filter(({ box }) => box === null)) {
    const box = { x, y, ...zoneSize(zone.area) };
    placed.push({ ...zone, box });
    x += box.width + MARGIN;
  }
  return {
    zones: placed,
    size: {
      width: Math.max(...placed.map(({ box }) => box.x + box.width)),
      height: Math.max(...placed.map(({ box }) => box.y + box.height)),
    },
  };
}

function layOut(id: string, members: Station[], position: Zone["position"]): PlanZone {
  const name = members[0]?.zone?.name ?? "";
  const inner = place(members) ?? flow(members, position?.w ?? null);
  if (!position) return { id, name, ...inner, box: null };
  // A zone that is drawn too small for its stations grows rather than hide one.
  const { width, height } = zoneSize(inner.area);
  const box = {
    x: position.x,
    y: position.y,
    width: Math.max(position.w, width),
    height: Math.max(position.h, height),
  };
  return { id, name, ...inner, box };
}

function zoneSize(area: Size): Size {
  return { width: area.width + 2 * MARGIN, height: area.height + HEADING + MARGIN };
}

/** The stations' own places, counted from the foremost one; null when one is missing or two lie over each other. */
function place(members: Station[]): Pick<PlanZone, "places" | "area"> | null {
  const positions = members.flatMap(({ position }) => position ?? []);
  if (positions.length < members.length) return null;
  const left = Math.min(...positions.map(({ x }) => x));
  const top = Math.min(...positions.map(({ y }) => y));
  const boxes = positions.map(({ x, y }) => ({ x: x - left, y: y - top, width: TILE_WIDTH, height: TILE_HEIGHT }));
  if (anyOverlap(boxes)) return null;
  const places = members.map(({ id }, index) => ({ id, at: boxes[index] ?? { x: 0, y: 0 } }));
  places.sort((a, b) => a.at.y - b.at.y || a.at.x - b.at.x);
  return {
    places: places.map(({ id, at }) => ({ id, at: { x: at.x, y: at.y } })),
    area: {
      width: Math.max(...boxes.map(({ x }) => x)) + TILE_WIDTH,
      height: Math.max(...boxes.map(({ y }) => y)) + TILE_HEIGHT,
    },
  };
}

/** Rows by name, as wide as the zone is drawn, or as its number of stations suggests. */
function flow(members: Station[], width: number | null): Pick<PlanZone, "places" | "area"> {
  const fitting =
    width === null ? columnsFor(members.length) : Math.floor((width - 2 * MARGIN + GAP) / (TILE_WIDTH + GAP));
  const columns = Math.max(1, fitting);
  const rows = Math.ceil(members.length / columns);
  return {
    places: members.map(({ id }) => ({ id, at: null })),
    area: { width: columns * (TILE_WIDTH + GAP) - GAP, height: rows * (TILE_HEIGHT + GAP) - GAP },
  };
}

/** Two rows for a small zone, five or seven columns for a large one. */
function columnsFor(count: number): number {
  if (count <= 2) return count;
  if (count <= 10) return Math.ceil(count / 2);
  return count <= 25 ? 5 : 7;
}

function anyOverlap(boxes: readonly (Point & Size)[]): boolean {
  return boxes.some((a, index) =>
    boxes
      .slice(index + 1)
      .some((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  );
}
