import { createStore } from "@/lib/store";

/** The estimate is only moved back when it is off by more than this: what is less is the network's jitter. */
const TOLERATED_MS = 1_000;

export interface Clock {
  /** The server's time in epoch milliseconds, as well as it is known here. */
  now: () => number;
  /** Corrects the clock by a `server_time` that just arrived. `reset` forgets what was known before. */
  correct: (serverTime: string, reset: boolean) => void;
  /** The whole second that everything on screen shows. */
  second: () => number;
  subscribe: (listener: () => void) => () => void;
  /** Shows the present second at once, then each one as it begins, until the returned function is called. */
  start: () => () => void;
}

/**
 * One clock for every figure on screen: the server's time, carried by a monotonic counter so that setting this
 * computer's clock moves nothing. Of several samples the one that travelled fastest counts.
 */
export function createClock(monotonic: () => number = () => performance.now()): Clock {
  let offset = Date.now() - monotonic();
  let sampled = false;
  const shown = createStore(wholeSecond(offset + monotonic()));

  const now = (): number => offset + monotonic();
  const show = (): void => shown.set(wholeSecond(now()));

  return {
    now,
    correct(serverTime, reset) {
      const sample = Date.parse(serverTime) - monotonic();
      if (Number.isNaN(sample)) return;
      const better = !sampled || reset || sample > offset || offset - sample > TOLERATED_MS;
      if (!better) return;
      offset = sample;
      sampled = true;
      show();
    },
    second: shown.get,
    subscribe: shown.subscribe,
    start() {
      let timer: ReturnType<typeof setTimeout>;
      const tick = (): void => {
        show();
        timer = setTimeout(tick, 1000 - (now() % 1000) + 5);
      };
      tick();
      return () => clearTimeout(timer);
    },
  };
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
