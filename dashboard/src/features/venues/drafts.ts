import { useSyncExternalStore } from "react";
import { credentials } from "@/lib/api";
import { createStore } from "@/lib/store";
import type { Draft } from "./settings";

/** What somebody has typed into the settings and not saved, over the version of the venue that they saw. */
export interface Unsaved {
  person: string | null;
  version: number;
  /** The settings as they were seen then. */
  seen: Draft;
  edits: Partial<Draft>;
}

const store = createStore<Unsaved | null>(null);

/** Keeps what is typed while one looks at other pages. It is nobody else's to see, and gone with a reload. */
export function useUnsaved(): [Unsaved | null, (next: Unsaved | null) => void] {
  const kept = useSyncExternalStore(store.subscribe, store.get, store.get);
  const mine = kept !== null && kept.person === credentials.person() ? kept : null;
  return [mine, store.set];
}
