import type { ExternalToast, toast as Sonner } from "sonner";
import { createStore } from "@/lib/store";

type Toast = typeof Sonner;
type Kind = "message" | "success" | "info" | "error" | "loading";
type Id = string | number;

/** What shows the notices, once it is on the page; it comes after the first paint. */
const shown = createStore<Toast | null>(null);
let waiting: ((toast: Toast) => void)[] = [];
let count = 0;

/** Whether there is something to say that nobody shows yet. */
export const unsaid = createStore(false);

/** Says what has waited, and from now on everything at once. */
export function showBy(toast: Toast): void {
  shown.set(toast);
  const said = waiting;
  waiting = [];
  unsaid.set(false);
  for (const say of said) say(toast);
}

function say(what: (toast: Toast) => void): void {
  const now = shown.get();
  if (now) return what(now);
  waiting.push(what);
  unsaid.set(true);
}

const saying =
  (kind: Kind) =>
  (text: string, ways: ExternalToast = {}): Id => {
    const id = ways.id ?? `notice-${++count}`;
    say((toast) => toast[kind](text, { ...ways, id }));
    return id;
  };

/** A notice that goes by itself; each answers by what it can be changed or taken away. */
export const toast = Object.assign(saying("message"), {
  success: saying("success"),
  info: saying("info"),
  error: saying("error"),
  loading: saying("loading"),
  dismiss: (id: Id): void => say((shown) => void shown.dismiss(id)),
});
