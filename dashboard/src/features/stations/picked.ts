import { useSyncExternalStore } from "react";
import { createStore } from "@/lib/store";

export interface Picked {
  /** Pressing a tile picks it instead of opening it, as is needed on touch. */
  picking: boolean;
  ids: ReadonlySet<string>;
  /** Where a range that is picked with Shift starts. */
  anchor: string | null;
}

const NONE: Picked = { picking: false, ids: new Set(), anchor: null };

/** The stations that something is to be done to at once. */
export const picked = createStore<Picked>(NONE);

export function useIsPicked(id: string): boolean {
  const get = () => picked.get().ids.has(id);
  return useSyncExternalStore(picked.subscribe, get, get);
}

export function togglePicked(id: string): void {
  const { picking, ids } = picked.get();
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  picked.set({ picking, ids: next, anchor: id });
}

export function pickAlso(more: readonly string[]): void {
  const { picking, ids, anchor } = picked.get();
  picked.set({ picking, ids: new Set([...ids, ...more]), anchor: anchor ?? more[0] ?? null });
}

/** Picks exactly these. */
export function pickOnly(ids: readonly string[]): void {
  picked.set({ ...picked.get(), ids: new Set(ids), anchor: ids[0] ?? null });
}

/** Everything from where the range starts to `id`, in the order in which the stations are shown. */
export function pickTo(id: string, shown: readonly string[]): void {
  const from = shown.indexOf(picked.get().anchor ?? id);
  const to = shown.indexOf(id);
  pickAlso(from < 0 ? [id] : shown.slice(Math.min(from, to), Math.max(from, to) + 1));
}

export function clearPicked(): void {
  picked.set(NONE);
}

export function setPicking(picking: boolean): void {
  picked.set(picking ? { ...picked.get(), picking } : NONE);
}
