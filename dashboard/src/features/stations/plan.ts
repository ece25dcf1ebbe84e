import type { Station, Zone } from "@/lib/api";

export const TILE_WIDTH = 144;
export const TILE_HEIGHT = 88;
const GAP = 8;
/** A zone's own measures: its heading, and the margin around its tiles. */
export const HEADING = 40;
export const MARGIN = 16;

/** How large a plan is drawn. Places are given for full size. */
export interface Measure {
  width: number;
  height: number;
  gap: number;
  heading: number;
  margin: number;
  /** What a place is multiplied by. */
  x: number;
  y: number;
}

const FULL: Measure = {
  width: TILE_WIDTH,
  height: TILE_HEIGHT,
  gap: GAP,
  heading: HEADING,
  margin: MARGIN,
  x: 1,
  y: 1,
};

/** Small tiles in the same places. A zone's heading and margin shrink as well, so that zones still fit beside others. */
export const COMPACT: Measure = {
  ...{ width: 112, height: 56, gap: 6, heading: 26, margin: 8 },
  ...{ x: 118 / (TILE_WIDTH + GAP), y: 61 / (TILE_HEIGHT + GAP) },
};

type Box = NonNullable<Zone["position"]>;

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
export function planOf(stations: readonly Station[], zones: readonly Zone[], measure: Measure = FULL): Plan {
  const members = new Map<string, Station[]>();
  for (const station of stations) {
    const id = station.zone?.id ?? "";
    members.set(id, [...(members.get(id) ?? []), station]);
  }
  const positions = new Map(zones.map((zone) => [zone.id, zone.position]));
  const laid = [...members].map(([id, list]) => layOut(id, list, positions.get(id) ?? null, measure));
  const map = laid.flatMap((zone) => (zone.box ? [{ ...zone, box: zone.box }] : []));
  if (map.length === 0 || anyOverlap(map.map(({ box }) => box))) {
    return { zones: laid.map((zone) => ({ ...zone, box: null })), size: null };
  }
  map.sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
  const left = Math.min(...map.map(({ box }) => box.x));
  const top = Math.min(...map.map(({ box }) => box.y));
  const placed = map.map((zone) => ({ ...zone, box: { ...zone.box, x: zone.box.x - left, y: zone.box.y - top } }));

  // Zones without a place stand in a row below the map.
  const y = Math.max(...placed.map(({ box }) => box.y + box.height)) + measure.margin;
  let x = 0;
  for (const zone of laid.filter(({ box }) => box === null)) {
    const box = { x, y, ...zoneSize(zone.area, measure) };
    placed.push({ ...zone, box });
    x += box.width + measure.margin;
  }
  return {
    zones: placed,
    size: {
      width: Math.max(...placed.map(({ box }) => box.x + box.width)),
      height: Math.max(...placed.map(({ box }) => box.y + box.height)),
    },
  };
}

function layOut(id: string, members: Station[], given: Zone["position"], measure: Measure): PlanZone {
  const position = given && scaled(given, measure);
  const name = members[0]?.zone?.name ?? "";
  const inner = place(members, measure) ?? flow(members, position?.w ?? null, measure);
  if (!position) return { id, name, ...inner, box: null };
  // A zone that is drawn too small for its stations grows rather than hide one.
  const { width, height } = zoneSize(inner.area, measure);
  const box = {
    x: position.x,
    y: position.y,
    width: Math.max(position.w, width),
    height: Math.max(position.h, height),
  };
  return { id, name, ...inner, box };
}

function zoneSize(area: Size, { margin, heading }: Measure): Size {
  return { width: area.width + 2 * margin, height: area.height + heading + margin };
}

function scaled({ x, y, w, h }: Box, by: Measure): Box {
  return {
    x: Math.round(x * by.x),
    y: Math.round(y * by.y),
    w: Math.round(w * by.x),
    h: Math.round(h * by.y),
  };
}

/**
 * Where a zone's places are counted from: its own corner, or the foremost station where places reach into the heading
 * or the margin, as those do that were given without a zone in mind.
 */
export function cornerOf(positions: readonly Point[]): { left: number; top: number } {
  const left = Math.min(...positions.map(({ x }) => x));
  const top = Math.min(...positions.map(({ y }) => y));
  return left >= MARGIN && top >= HEADING ? { left: MARGIN, top: HEADING } : { left, top };
}

/** The stations' own places within their zone; null when one is missing or two lie over each other. */
function place(members: Station[], measure: Measure): Pick<PlanZone, "places" | "area"> | null {
  const positions = members.flatMap(({ position }) => position ?? []);
  if (positions.length < members.length) return null;
  const { left, top } = cornerOf(positions);
  const boxes = positions.map(({ x, y }) => ({ x: x - left, y: y - top, width: TILE_WIDTH, height: TILE_HEIGHT }));
  if (anyOverlap(boxes)) return null;
  const places = members.map(({ id }, index) => {
    const { x, y } = boxes[index] ?? { x: 0, y: 0 };
    return { id, at: { x: Math.round(x * measure.x), y: Math.round(y * measure.y) } };
  });
  places.sort((a, b) => a.at.y - b.at.y || a.at.x - b.at.x);
  return {
    places,
    area: {
      width: Math.max(...places.map(({ at }) => at.x)) + measure.width,
      height: Math.max(...places.map(({ at }) => at.y)) + measure.height,
    },
  };
}

/** Rows by name, as wide as the zone is drawn, or as its number of stations suggests. */
function flow(members: Station[], wide: number | null, measure: Measure): Pick<PlanZone, "places" | "area"> {
  const { width, height, gap, margin } = measure;
  const fitting = wide === null ? columnsFor(members.length) : Math.floor((wide - 2 * margin + gap) / (width + gap));
  const columns = Math.max(1, fitting);
  const rows = Math.ceil(members.length / columns);
  return {
    places: members.map(({ id }) => ({ id, at: null })),
    area: { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap },
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
