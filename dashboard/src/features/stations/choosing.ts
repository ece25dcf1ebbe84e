import { createStore } from "@/lib/store";
import type { TileView } from "./tile";

/** While a station is being chosen on the plan: what may be chosen, which all others are quiet for, and what then. */
export interface Choosing {
  may: (view: TileView) => boolean;
  choose: (id: string) => void;
}

export const choosing = createStore<Choosing | null>(null);
