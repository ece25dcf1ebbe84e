import { Problem, type Session } from "@/lib/api";
import { floor, useStore } from "@/lib/live";
import { createStore } from "@/lib/store";
import { Keys } from "./keys";

export type Headers = { "Idempotency-Key": string };

/** Something that is asked of the server for a station's session. */
export interface Act {
  /** The station at which somebody acts. */
  station: string;
  /** What the floor shows before, and until the answer is there; null where the answer has to be waited for. */
  before: Session | null;
  guess: Session | null;
  /** Says what is asked, so that the same again is known as such. */
  asks: string;
  run: (headers: Headers) => Promise<Session>;
}

const keys = new Keys();
const busy = createStore<ReadonlySet<string>>(new Set());

export const isBusy = (station: string): boolean => busy.get().has(station);

/** Whether something at this station waits for the server's answer. */
export function useBusy(station: string): boolean {
  return useStore(busy).has(station);
}

/**
 * Shows at once what will be, asks the server, and shows what it answers, or again what was before. Asking the same
 * again while it isn't known whether it was done uses the same key, so that it can't be done twice. A refusal because
 * somebody else was faster carries the session as it is now, which is shown.
 */
export async function perform({ station, before, guess, asks, run }: Act): Promise<Session> {
  mark(station, true);
  if (guess) floor.applySession(guess);
  try {
    const session = await keys.under(asks, (key) => run({ "Idempotency-Key": key }));
    floor.applySession(session);
    return session;
  } catch (error) {
    if (guess && guess.id !== before?.id) floor.dropSession(guess);
    if (guess && before) floor.applySession(before);
    const now = sessionOf(error);
    if (now) floor.applySession(now);
    throw error;
  } finally {
    mark(station, false);
  }
}

/** The session as it is now, of a refusal because it has changed. */
export function sessionOf(error: unknown): Session | null {
  if (!(error instanceof Problem) || error.code !== "session.changed" || !error.more.session) return null;
  return error.more.session as Session;
}

function mark(station: string, acting: boolean): void {
  const next = new Set(busy.get());
  if (acting) next.add(station);
  else next.delete(station);
  busy.set(next);
}
