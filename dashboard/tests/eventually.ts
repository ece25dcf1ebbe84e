import { vi } from "vitest";

/** Waits until an assertion holds. The deadline is long because the machine may be busy; it costs nothing when it isn't. */
export function eventually(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 10_000, interval: 10 });
}
