import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface Change {
  up: boolean;
  /** Null where it is neither good nor bad. */
  better: boolean | null;
  text: string;
  /** For a screen reader, which doesn't see the arrow. */
  spoken: string;
}

/** A key figure, how it changed, and what it was. */
export function FigureCard({
  name,
  value,
  change,
  before,
  note,
}: {
  name: string;
  value: ReactNode;
  change: Change | null;
  before: ReactNode;
  note?: ReactNode;
}) {
  return (
    <div className="min-w-0 rounded-[12px] border border-line bg-zone px-4 py-3 light:bg-surface">
      <dt className="text-ink-2">{name}</dt>
      <dd className="mt-0.5 flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-[28px]/[34px] font-semibold tracking-[-0.03em] whitespace-nowrap tabular-nums">
          {value}
        </span>
        {change && (
          <span
            className={cn(
              "inline-flex items-center gap-1 text-[12px]/4 font-semibold whitespace-nowrap tabular-nums",
              change.better ? "text-ok" : "text-ink-2",
            )}
          >
            {change.up ? <ArrowUp size={14} aria-hidden /> : <ArrowDown size={14} aria-hidden />}
            <span aria-hidden>{change.text}</span>
            <span className="sr-only">{change.spoken}</span>
          </span>
        )}
      </dd>
      <dd className="mt-1 text-[12px]/4 text-ink-3 tabular-nums">{before}</dd>
      {note && <dd className="text-[12px]/4 text-ink-3 tabular-nums">{note}</dd>}
    </div>
  );
}
