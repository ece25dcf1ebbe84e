import { useEffect } from "react";
import { toast } from "@/lib/toast";
import { useStore } from "@/lib/live";
import { createStore } from "@/lib/store";

/** Why something wasn't done, and what can be done about it. */
export interface Refusal {
  station: string;
  text: string;
  again: { label: string; run: () => void } | null;
  /** What not doing it is called, where there is a choice. */
  leave: string | null;
}

const refusals = createStore<ReadonlyMap<string, Refusal>>(new Map());
/** Stations whose panels are open: what was refused there is said in the panel. */
const watched = new Map<string, number>();
const SHOWN_MS = 15_000;

/** Says a refusal where somebody looks at the station, and otherwise as a notice. */
export function refuse(refusal: Refusal): void {
  if (watched.has(refusal.station)) {
    refusals.set(new Map(refusals.get()).set(refusal.station, refusal));
    return;
  }
  const { again } = refusal;
  toast.error(refusal.text, {
    duration: SHOWN_MS,
    closeButton: true,
    ...(again ? { action: { label: again.label, onClick: again.run } } : {}),
  });
}

export function forgetRefusal(station: string): void {
  if (!refusals.get().has(station)) return;
  const next = new Map(refusals.get());
  next.delete(station);
  refusals.set(next);
}

/** What was refused at a station; asking for it means that it is shown there. */
export function useRefusal(station: string): Refusal | null {
  useEffect(() => {
    watched.set(station, (watched.get(station) ?? 0) + 1);
    return () => {
      const left = (watched.get(station) ?? 1) - 1;
      if (left === 0) watched.delete(station);
      else watched.set(station, left);
      forgetRefusal(station);
    };
  }, [station]);
  return useStore(refusals).get(station) ?? null;
}
