import { useEffect, useMemo } from "react";
import { createStore } from "@/lib/store";
import { useStore } from "@/lib/live";
import { useBusinessDays } from "@/features/venues";
import { useAnomalies } from "./anomaly-query";

const STORED_AS = "gameops.anomalies-seen";

interface Seen {
  day: string;
  ids: readonly string[];
}

const NONE: Seen = { day: "", ids: [] };
const seen = createStore<Seen>(NONE);
let read = false;

/** How many of today's anomalies nobody has looked at in this browser. */
export function useUnseenAnomalies(): number {
  const today = useBusinessDays()?.today;
  const ids = useTodaysIds();
  const known = useStore(seen);
  useEffect(restore, []);
  if (today === undefined) return 0;
  return ids.filter((id) => known.day !== today || !known.ids.includes(id)).length;
}

/** As long as it is there, today's anomalies are being looked at. */
export function useSeeAnomalies(): void {
  const today = useBusinessDays()?.today;
  const ids = useTodaysIds();
  const all = ids.join(" ");
  useEffect(() => {
    restore();
    if (today === undefined || all === "") return;
    const before = seen.get();
    const now = { day: today, ids: all.split(" ") };
    if (before.day === now.day && now.ids.every((id) => before.ids.includes(id))) return;
    seen.set(now);
    try {
      localStorage.setItem(STORED_AS, JSON.stringify(now));
    } catch {
      // Without storage they are seen as long as the page is.
    }
  }, [today, all]);
}

function useTodaysIds(): string[] {
  const today = useBusinessDays()?.today;
  const days = useMemo(() => (today === undefined ? undefined : { from: today, to: today }), [today]);
  const { data } = useAnomalies(days);
  return data?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? [];
}

function restore(): void {
  if (read) return;
  read = true;
  try {
    const kept = JSON.parse(localStorage.getItem(STORED_AS) ?? "null") as Partial<Seen> | null;
    if (typeof kept?.day === "string" && Array.isArray(kept.ids)) seen.set({ day: kept.day, ids: kept.ids });
  } catch {
    // Nothing readable is kept, so nothing was seen.
  }
}
