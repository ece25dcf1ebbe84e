import type { Entry } from "@/lib/live";
import { matches, type Filter } from "./filter";
import { deriveTile, type TileState, type TileView } from "./tile";

export const sortKeys = ["name", "status", "time"] as const;

export interface Sort {
  by: (typeof sortKeys)[number];
  descending: boolean;
}

/** The most urgent state first. */
const urgency: readonly TileState[] = [
  "time-up", "last", "soon", "offline", "waiting", "ok", "paused", "free", "no-pc", "maintenance",
]; // prettier-ignore

/** Ids of the stations that are looked for, in the list's order; equals stand by name. One string, to be compared. */
export function listOrder(entries: readonly Entry[], now: number, sought: Filter, sort: Sort, guest: string): string {
  const rows = entries
    .map((entry, place) => ({ entry, place, view: deriveTile(entry, now, true) }))
    .filter(({ view }) => matches(sought, view, guest));
  const key = { name: () => 0, status: statusKey, time: timeKey }[sort.by];
  const keyed = rows.map(({ entry, place, view }) => ({ id: entry.station.id, place, key: key(view, entry) }));
  const turn = sort.descending ? -1 : 1;
  keyed.sort((a, b) => compare(a.key, b.key, turn) || turn * (a.place - b.place));
  return keyed.map(({ id }) => id).join(" ");
}

/** What has no time stands behind what has, whichever way round. */
function compare(a: number, b: number, turn: number): number {
  if (a === b) return 0;
  if (a === Infinity || b === Infinity) return a === Infinity ? 1 : -1;
  return turn * (a - b);
}

function statusKey({ state, warning }: TileView): number {
  return warning !== null ? -1 : urgency.indexOf(state);
}

function timeKey({ state, endsAt }: TileView, { session }: Entry): number {
  if (session === null || state === "free" || state === "no-pc" || state === "maintenance") return Infinity;
  if (state === "time-up") return 0;
  return endsAt ?? Infinity;
}
