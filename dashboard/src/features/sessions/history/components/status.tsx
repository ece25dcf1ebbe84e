"use client";

import { CircleCheck, Hourglass, Pause, Play, Square, TimerOff, type LucideIcon } from "lucide-react";
import type { Session } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";

const marks: Record<string, { Icon: LucideIcon; tone: string }> = {
  pending: { Icon: Hourglass, tone: "text-wait" },
  active: { Icon: Play, tone: "text-ok" },
  paused: { Icon: Pause, tone: "text-pause" },
  expired: { Icon: CircleCheck, tone: "text-ink-3" },
  manual_stop: { Icon: Square, tone: "text-ink-3" },
  never_opened: { Icon: TimerOff, tone: "text-soon" },
};

/** Where a session is in its life, or why it is over. */
export function SessionStatus({ session, className }: { session: Session; className?: string }) {
  const words = useWords("history");
  const ended = session.status === "ended";
  const { Icon, tone } = marks[ended ? (session.end_reason ?? "expired") : session.status] ?? {
    Icon: Square,
    tone: "text-ink-3",
  };
  return (
    <span className={cn("inline-flex items-center gap-2 whitespace-nowrap", className)}>
      <Icon size={14} aria-hidden className={cn("shrink-0", tone)} />
      {ended ? endWords(session, words) : words(`statuses.${session.status}`)}
    </span>
  );
}

function endWords({ end_reason: reason }: Session, words: ReturnType<typeof useWords<"history">>): string {
  if (reason === "expired" || reason === "manual_stop" || reason === "never_opened") return words(`ends.${reason}`);
  return words("statuses.ended");
}
