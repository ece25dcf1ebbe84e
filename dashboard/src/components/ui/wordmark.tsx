import { Timer } from "lucide-react";
import { cn } from "@/lib/cn";

/** GameOps' sign and name. */
export function Wordmark({ className }: { className?: string }) {
  return (
    <div className={cn("flex items-center gap-3", className)}>
      <Sign />
      <span className="text-[18px]/6 font-semibold tracking-[-0.02em]">GameOps</span>
    </div>
  );
}

/** The sign alone: a stopwatch, as on every lock screen. */
export function Sign() {
  return (
    <span className="grid size-8 shrink-0 place-items-center rounded-[8px] bg-ink text-canvas">
      <Timer size={18} aria-hidden />
    </span>
  );
}
