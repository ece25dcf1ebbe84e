import { useStore } from "@/lib/live";
import { createStore } from "@/lib/store";
import type { PcCommand } from "./commands";

/** What somebody is being asked, or asked for, at a station. */
export type Asked =
  | { what: "end" | "message" | "time"; station: string }
  | { what: "command"; station: string; command: Exclude<PcCommand, "message"> };

const asked = createStore<Asked | null>(null);

/** Opens a dialog; the one before, if any, closes. */
export const ask = (next: Asked): void => asked.set(next);
export const stopAsking = (): void => asked.set(null);
export const useAsked = (): Asked | null => useStore(asked);
