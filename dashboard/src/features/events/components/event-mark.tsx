import { cn } from "@/lib/cn";
import { aboutType } from "../types";

/** The sign of an event's type; tinted where somebody should look at it. */
export function EventMark({ type, large = false }: { type: string; large?: boolean }) {
  const { Icon, look } = aboutType(type);
  return (
    <span
      aria-hidden
      className={cn(
        "grid shrink-0 place-items-center rounded-[6px]",
        large ? "size-9 rounded-[8px]" : "size-6",
        look ? "bg-soon-soft text-soon" : "bg-raised text-ink-2",
      )}
    >
      <Icon size={large ? 17 : 14} className={type === "SESSION_REOPENED" ? "rtl:-scale-x-100" : undefined} />
    </span>
  );
}
