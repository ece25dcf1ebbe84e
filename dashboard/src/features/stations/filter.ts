import { createStore } from "@/lib/store";
import type { TileState, TileView } from "./tile";

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
  /** `check` is across the groups: what somebody at the desk should look at. */
  group: Group | "check" | null;
  text: string;
}

/** What is looked for on the floor. Tiles that don't match stay in their places and become quiet. */
export const filter = createStore<Filter>({ group: null, text: "" });

/** Whether a tile is looked for: its group, and its station's or player's name. */
export function matches(
  { group, text }: Filter,
  view: Pick<TileView, "name" | "player" | "occupied" | "state" | "warning">,
  guest: string,
): boolean {
  if (group === "check" && view.warning === null) return false;
  if (group !== null && group !== "check" && groupOf(view.state) !== group) return false;
  const wanted = text.trim().toLocaleLowerCase();
  return [view.name, view.occupied ? (view.player ?? guest) : ""].some((name) =>
    name.toLocaleLowerCase().includes(wanted),
  );
}
