import { createStore } from "@/lib/store";

/** Whether the plan is being edited at this browser. */
export const editing = createStore(false);

/** What the editor puts the focus on: the key of a zone or a station on its plan or in its tray. */
export const inHand = createStore<string | null>(null);

/** Opens the plan to be edited, with this station in hand, once the floor is shown. */
export function editPlanWith(stationId: string): void {
  inHand.set(`s:${stationId}`);
  editing.set(true);
}
