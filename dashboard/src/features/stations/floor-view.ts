import { useEffect, useLayoutEffect } from "react";
import { createStore } from "@/lib/store";
import { filter, NO_FILTER, type Filter } from "./filter";
import { sortKeys, type Sort } from "./list-order";
import { isAsking, isTyping } from "./typing";

export const floorViews = ["plan", "compact", "list"] as const;
export type FloorView = (typeof floorViews)[number];

/** How the floor is shown. */
export const floorView = createStore<FloorView>("plan");
export const listSort = createStore<Sort>({ by: "time", descending: false });

const WRITE_AFTER_MS = 250;

/** `V` changes between plan and list. */
export function useViewKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "v" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || isAsking()) return;
      floorView.set(floorView.get() === "list" ? "plan" : "list");
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

/** Keeps filter, view and order in the address, so that a link and a reload show the same. */
export function useFloorInAddress(): void {
  useLayoutEffect(() => {
    const query = new URLSearchParams(location.search);
    filter.set(filterOf(query));
    floorView.set(oneOf(floorViews, query.get("view")) ?? "plan");
    listSort.set(sortOf(query.get("sort")));
  }, []);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(write, WRITE_AFTER_MS);
    };
    const stops = [filter, floorView, listSort].map((store) => store.subscribe(later));
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, []);
}

const groups = [
  "free", "no-pc", "in-session", "waiting", "paused", "offline", "time-up", "maintenance", "check", "ok", "soon", "last",
] as const; // prettier-ignore
const kinds = ["pc", "console", "vr", "other"] as const;

function filterOf(query: URLSearchParams): Filter {
  return {
    ...NO_FILTER,
    group: oneOf(groups, query.get("state")),
    kind: oneOf(kinds, query.get("kind")),
    text: query.get("find") ?? "",
  };
}

function sortOf(text: string | null): Sort {
  const by = oneOf(sortKeys, text?.replace(/^-/, "") ?? null);
  return { by: by ?? "time", descending: by !== null && text?.startsWith("-") === true };
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T | null {
  return known.find((one) => one === value) ?? null;
}

function write(): void {
  const here = new URL(location.href);
  const { group, kind, text } = filter.get();
  const { by, descending } = listSort.get();
  const view = floorView.get();
  put(here, "state", group);
  put(here, "kind", kind);
  put(here, "find", text.trim());
  put(here, "view", view === "plan" ? null : view);
  put(here, "sort", by === "time" && !descending ? null : `${descending ? "-" : ""}${by}`);
  if (here.href !== location.href) history.replaceState(null, "", here);
}

function put(url: URL, name: string, value: string | null): void {
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
}
