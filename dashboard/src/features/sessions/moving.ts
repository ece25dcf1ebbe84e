import type { Session } from "@/lib/api";
import { useStore } from "@/lib/live";
import { createStore } from "@/lib/store";
import { choosing } from "@/features/stations";

/** The session for which another station is being chosen. */
const moving = createStore<Session | null>(null);

export const useMoving = (): Session | null => useStore(moving);

export function startMoving(session: Session): void {
  moving.set(session);
}

export function stopMoving(): void {
  moving.set(null);
  choosing.set(null);
}
