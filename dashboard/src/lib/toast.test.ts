import { expect, it, vi } from "vitest";
import type { toast as Sonner } from "sonner";
import { showBy, toast, unsaid } from "./toast";

it("keeps what is said until something shows it, in order, and then says everything at once", () => {
  const said: unknown[] = [];
  const shown = (kind: string) => vi.fn((...given: unknown[]) => void said.push([kind, ...given]));
  const first = toast("Started", { duration: 5 });
  const second = toast.loading("Asking");
  toast.success("Done", { id: second });
  toast.dismiss(first);
  expect([unsaid.get(), first === second]).toEqual([true, false]);

  const kinds = ["message", "success", "info", "error", "loading", "dismiss"];
  showBy(Object.fromEntries(kinds.map((kind) => [kind, shown(kind)])) as unknown as typeof Sonner);
  toast.error("Refused", { id: "mine" });
  expect(unsaid.get()).toBe(false);
  expect(said).toEqual([
    ["message", "Started", { duration: 5, id: first }],
    ["loading", "Asking", { id: second }],
    ["success", "Done", { id: second }],
    ["dismiss", first],
    ["error", "Refused", { id: "mine" }],
  ]);
});
