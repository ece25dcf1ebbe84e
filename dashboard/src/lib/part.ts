import { createStore, type Store } from "@/lib/store";

/** Something whose code is loaded after the page's first paint. */
export interface Part<T> extends Pick<Store<State<T>>, "get" | "subscribe"> {
  /** Loads it, unless it is there or on its way. Never rejects: the state says what came of it. */
  load: () => Promise<void>;
}

interface State<T> {
  /** Null until it is there. */
  value: T | null;
  failed: boolean;
}

const LEISURE_WITHIN_MS = 2_000;
const waiting: (() => Promise<void>)[] = [];
let begun = false;
let under = false;

/** A part that is loaded when it is asked for, or else at leisure. */
export function partOf<T>(fetch: () => Promise<T>): Part<T> {
  const { get, set, subscribe } = createStore<State<T>>({ value: null, failed: false });
  let coming: Promise<void> | null = null;

  async function attempt(): Promise<void> {
    try {
      set({ value: await fetch(), failed: false });
    } catch {
      coming = null;
      set({ value: null, failed: true });
    }
  }
  const load = () => (coming ??= attempt());
  waiting.push(load);
  if (begun) void goOn();
  return { get, subscribe, load };
}

/**
 * Begins to load every part that isn't there yet, one at a time and whenever the browser has nothing better to do, so
 * that each opens at once when it is asked for, and opens even after the network has gone.
 */
export function loadAtLeisure(): void {
  begun = true;
  void goOn();
}

async function goOn(): Promise<void> {
  if (under) return;
  under = true;
  for (let load = waiting.shift(); load; load = waiting.shift()) {
    await leisure();
    await load();
  }
  under = false;
}

function leisure(): Promise<unknown> {
  return new Promise((resolve) => {
    // Safari has no such call.
    if ("requestIdleCallback" in globalThis) requestIdleCallback(resolve, { timeout: LEISURE_WITHIN_MS });
    else setTimeout(resolve, LEISURE_WITHIN_MS / 10);
  });
}
