import { createStore } from "@/lib/store";
import { subjectOf } from "./subject";
import type { AccessToken } from "./types";

/**
 * Who sits at this browser, as far as it knows. The access token lives in memory only. `person` can change from one
 * renewal to the next: the refresh cookie is the browser's, and somebody else may have signed in in another tab.
 */
export type SignedIn =
  | { phase: "checking" }
  | { phase: "unreachable" }
  | { phase: "out"; expired: boolean }
  | { phase: "in"; token: string; person: string | null };

const RETRY_MS = 3_000;
/** A token is renewed when this share of its life is over, so that a slow renewal still comes in time. */
const RENEW_AT = 0.8;

const store = createStore<SignedIn>({ phase: "checking" });
let renewing: Promise<string | null> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export const credentials = {
  get: store.get,
  subscribe: store.subscribe,

  token(): string | null {
    const now = store.get();
    return now.phase === "in" ? now.token : null;
  },

  /** The id of the person whose token this is; null while nobody is signed in. */
  person(): string | null {
    const now = store.get();
    return now.phase === "in" ? now.person : null;
  },

  /** Takes the tokens of a fresh sign-in or renewal and plans the next renewal. */
  accept(answer: AccessToken): void {
    store.set({ phase: "in", token: answer.access_token, person: subjectOf(answer.access_token) });
    plan(answer.expires_in * 1000 * RENEW_AT);
  },

  /** Forgets the token. `expired` says that nobody asked for it. */
  drop(expired: boolean): void {
    clearTimeout(timer);
    store.set({ phase: "out", expired });
  },

  /**
   * Gets a new access token with the refresh cookie; callers at the same time share one request. Resolves to null when
   * the server refuses (then this browser is signed out) and rejects when the server can't be reached.
   */
  renew(): Promise<string | null> {
    renewing ??= renewOnce().finally(() => {
      renewing = null;
    });
    return renewing;
  },

  /** Finds out, at the start, whether the refresh cookie still signs this browser in. Keeps asking until it knows. */
  async restore(): Promise<void> {
    try {
      await credentials.renew();
    } catch {
      if (store.get().phase !== "in") store.set({ phase: "unreachable" });
      clearTimeout(timer);
      timer = setTimeout(() => void credentials.restore(), RETRY_MS);
    }
  },
};

async function renewOnce(): Promise<string | null> {
  const before = store.get().phase;
  const response = await fetch("/api/v1/auth/refresh", { method: "POST", signal: AbortSignal.timeout(10_000) });
  if (response.ok) {
    const answer = (await response.json()) as AccessToken;
    credentials.accept(answer);
    return answer.access_token;
  }
  if (response.status === 401 || response.status === 403 || response.status === 422) {
    credentials.drop(before === "in");
    return null;
  }
  throw new Error(`The server answered ${response.status} to a renewal of the sign-in.`);
}

function plan(delay: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    credentials.renew().catch(() => plan(RETRY_MS));
  }, delay);
}
