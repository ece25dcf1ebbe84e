import { toast } from "@/lib/toast";

const OFFERED_MS = 10_000;
/** By the keyboard a little longer than the notice is there. */
const KNOWN_MS = 60_000;

let last: { run: () => void; notice: string | number; at: number } | null = null;

/** Says what was done, with the way back. */
export function offerUndo(text: string, label: string, run: () => void): void {
  const once = () => {
    if (last?.run === once) last = null;
    run();
  };
  const notice = toast(text, { duration: OFFERED_MS, action: { label, onClick: once } });
  last = { run: once, notice, at: Date.now() };
}

/** Takes back what was done last; false when there is nothing. */
export function undoLast(): boolean {
  if (last === null || Date.now() - last.at > KNOWN_MS) return false;
  toast.dismiss(last.notice);
  last.run();
  return true;
}
