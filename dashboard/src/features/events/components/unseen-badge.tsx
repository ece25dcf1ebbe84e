"use client";

import { useWords } from "@/lib/i18n";
import { useUnseenAnomalies } from "../seen";

/** How many of today's anomalies nobody has looked at in this browser; nothing where there are none. */
export function UnseenBadge() {
  const words = useWords("activity");
  const unseen = useUnseenAnomalies();
  if (unseen === 0) return null;
  return (
    <span className="grid h-[18px] min-w-[18px] place-items-center rounded-full bg-soon-soft px-1 text-[11px]/none font-semibold text-soon tabular-nums">
      <span aria-hidden>{unseen}</span>
      <span className="sr-only">, {words("badge", { count: unseen })}</span>
    </span>
  );
}
