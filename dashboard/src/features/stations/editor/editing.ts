import { createStore } from "@/lib/store";

/** Whether the plan is being edited at this browser. */
export const editing = createStore(false);
