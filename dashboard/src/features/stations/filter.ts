import type { Station } from "@/lib/api";
import { createStore } from "@/lib/store";
import type { TileState, TileView, Tone } from "./tile";

/** The groups by state. Every station is in exactly one. */
export type Group = "free" | "no-pc" | "in-session" | "waiting" | "paused" | "offline" | "time-up" | "maintenance";

const groups: Record<TileState, Group> = {
  free: "free",
  "no-pc": "no-pc",
  waiting: "waiting",
  ok: "in-session",
  soon: "in-session",
  last: "in-session",
  "time-up": "time-up",
  paused: "paused",
  offline: "offline",
  maintenance: "maintenance",
};

export function groupOf(state: TileState): Group {
  return groups[state];
}

export interface Filter {
  /** `check` is across the groups: what somebody at the desk should look at. So is the colour of the time left. */
  group: Group | "check" | Tone | null;
  kind: Station["kind"] | null;
  text: string;
}

export const NO_FILTER: Filter = { group: null, kind: null, text: "" };

/** What is looked for on the floor. Tiles that don't match stay in their places and become quiet. */
export const filter = createStore<Filter>(NO_FILTER);

export function isFiltered({ group, kind, text }: Filter): boolean {
  return group !== null || kind !== null || text.trim() !== "";
}

/** Whether a tile is looked for: its group, its kind, and its station's or player's name. */
export function matches(
  { group, kind, text }: Filter,
  view: Pick<TileView, "name" | "kind" | "player" | "occupied" | "state" | "tone" | "warning">,
  guest: string,
): boolean {
  if (kind !== null && view.kind !== kind) return false;
  if (group !== null && !isIn(group, view)) return false;
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === "") return true;
  return [view.name, view.occupied ? (view.player ?? guest) : ""].some((name) =>
    name.toLocaleLowerCase().includes(wanted),
  );
}

function isIn(
  group: NonNullable<Filter["group"]>,
  { state, tone, warning }: Pick<TileView, "state" | "tone" | "warning">,
): boolean {
  if (group === "check") return warning !== null;
  if (group === "ok" || group === "soon" || group === "last") return tone === group;
  return groupOf(state) === group;
}
