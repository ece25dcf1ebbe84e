"use client";

import { cn } from "@/lib/cn";
import { useFormats } from "../formats";
import { axisOf } from "../axis";

export interface BarPair {
  label: string;
  now: number;
  /** Null where there is nothing to compare with. */
  before: number | null;
}

/** Numbers side by side with what they were before. A picture: the card's table says the same. */
export function Bars({ label, pairs }: { label: string; pairs: readonly BarPair[] }) {
  const { whole } = useFormats();
  const axis = axisOf(Math.max(...pairs.flatMap(({ now, before }) => [now, before ?? 0])));
  const few = pairs.length <= 10;
  const height = (value: number) => `${(value / axis.most) * 100}%`;
  return (
    <div role="img" aria-label={label} className="flex min-h-[240px] flex-1 flex-col text-[12px]/4 tabular-nums">
      <div className="relative ms-9 mt-3 flex-1">
        {axis.ticks.map((tick) => (
          <div key={tick} className="absolute inset-x-0 border-t border-line" style={{ bottom: height(tick) }}>
            <span className="absolute end-full me-2 -translate-y-1/2 text-ink-3">{whole(tick)}</span>
          </div>
        ))}
        <div className="absolute inset-0 flex">
          {pairs.map(({ label: name, now, before }) => (
            <div
              key={name}
              className={cn("flex min-w-0 flex-1 items-end justify-center gap-px", few ? "px-1.5" : "px-px")}
            >
              <div
                className="w-1/2 max-w-[18px] rounded-t-[2px] bg-line-strong"
                style={{ height: height(before ?? 0) }}
              />
              <div
                className="relative w-1/2 max-w-[18px] rounded-t-[2px] bg-accent-text"
                style={{ height: height(now) }}
              >
                {few && (
                  <span className="absolute bottom-full left-1/2 mb-0.5 -translate-x-1/2 bg-zone px-0.5 text-[11px] font-semibold light:bg-surface">
                    {whole(now)}
                  </span>
                )}
              </div>
            </div>
          ))}
        </div>
      </div>
      <div className="ms-9 flex pt-2 text-ink-2">
        {pairs.map(({ label: name }, number) => (
          <span key={name} className="relative h-4 min-w-0 flex-1 text-center whitespace-nowrap">
            {few ? name : number % 5 === 0 && <span className="absolute inset-x-[-8px]">{name}</span>}
          </span>
        ))}
      </div>
    </div>
  );
}
