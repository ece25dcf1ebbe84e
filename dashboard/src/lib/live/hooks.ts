import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { Store } from "@/lib/store";
import type { Entry } from "./floor";
import { clock, floor, link, onNews, type Link } from "./live";

/** Follows a store. The export is built without a browser, where every store still has its first value. */
export function useStore<T>(store: Pick<Store<T>, "get" | "subscribe">): T {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

export function useLink(): Link {
  return useStore(link);
}

/** Fetches what lies under `queryKey` again when an event that it depends on came, or may have been missed. */
export function useFreshOn(depends: (eventType: string) => boolean, queryKey: readonly string[]): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      onNews((news) => {
        if (news !== null && !news.some(({ type }) => depends(type))) return;
        // What is being fetched at this moment is asked for once more only if an event says so.
        void queries.invalidateQueries({ queryKey }, { cancelRefetch: news !== null });
      }),
    [queries, depends, queryKey],
  );
}

/** The stations' ids in the order of their names; null until the floor is known. */
export function useStationIds(): readonly string[] | null {
  return useStore(floor.ids);
}

export function useEntry(id: string): Entry | null {
  return useStore(floor.entry(id));
}

/** What `select` makes of the present second; redraws only when that changes. `select` returns a primitive. */
export function useNow<T extends string | number | boolean | null>(select: (now: number) => T): T {
  const get = (): T => select(clock.second());
  return useSyncExternalStore(clock.subscribe, get, get);
}

/** A view of one station at this second; redraws when a field of the view changes, so tiles that stand still rest. */
export function useStationView<V extends object>(id: string, derive: (entry: Entry, now: number) => V): V | null {
  const last = useRef<V | null>(null);
  const store = floor.entry(id);
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [store.subscribe(listener), clock.subscribe(listener)];
      return () => stops.forEach((stop) => stop());
    },
    [store],
  );
  const get = (): V | null => {
    const entry = store.get();
    const next = entry && derive(entry, clock.second());
    if (!(next && last.current && sameFields(next, last.current))) last.current = next;
    return last.current;
  };
  return useSyncExternalStore(subscribe, get, () => null);
}

/** A summary of the whole floor at this second; redraws when a field of it changes. */
export function useFloorView<V extends object>(derive: (entries: Entry[], now: number) => V): V {
  const last = useRef<V | null>(null);
  const get = (): V => {
    const next = derive(floor.all(), clock.second());
    if (last.current === null || !sameFields(next, last.current)) last.current = next;
    return last.current;
  };
  return useSyncExternalStore(subscribeFloor, get, get);
}

/** A number about the whole floor that has nothing to do with the time. */
export function useFloorCount(count: (entries: Entry[]) => number): number {
  const get = (): number => count(floor.all());
  return useSyncExternalStore(floor.revision.subscribe, get, get);
}

function subscribeFloor(listener: () => void): () => void {
  const stops = [floor.revision.subscribe(listener), clock.subscribe(listener)];
  return () => stops.forEach((stop) => stop());
}

function sameFields<V extends object>(a: V, b: V): boolean {
  const names = Object.keys(a) as (keyof V)[];
  return names.length === Object.keys(b).length && names.every((name) => Object.is(a[name], b[name]));
}
