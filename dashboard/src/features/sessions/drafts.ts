import { useEffect } from "react";
import { useStore } from "@/lib/live";
import { createStore } from "@/lib/store";
import { isBusy } from "./acting";

/** What is being typed to start a session, and why it wasn't started. */
export interface Draft {
  player: string;
  minutes: string;
  blind: boolean;
  tried: boolean;
  problem: string | null;
}

const EMPTY: Draft = { player: "", minutes: "60", blind: false, tried: false, problem: null };
const drafts = createStore<ReadonlyMap<string, Draft>>(new Map());

/** A station's draft. It outlives its form, which gives way to the session at once and comes back if that is refused. */
export function useDraft(station: string): [Draft, (change: Partial<Draft>) => void] {
  const draft = useStore(drafts).get(station) ?? EMPTY;
  return [draft, (change) => changeDraft(station, change)];
}

export function changeDraft(station: string, change: Partial<Draft>): void {
  const known = drafts.get().get(station) ?? EMPTY;
  drafts.set(new Map(drafts.get()).set(station, { ...known, ...change }));
}

export function dropDraft(station: string): void {
  const next = new Map(drafts.get());
  if (next.delete(station)) drafts.set(next);
}

/** Forgets the draft with the panel, unless it is on its way to the server. */
export function useDraftOfPanel(station: string): void {
  useEffect(
    () => () => {
      if (!isBusy(station)) dropDraft(station);
    },
    [station],
  );
}
