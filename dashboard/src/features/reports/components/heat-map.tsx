"use client";

import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { NOT_KNOWN, useFormats } from "../formats";
import { extremes, heatStep, type Slot } from "../hours";

/** The share of the stations in use, by day and hour: a table whose cells are coloured. */
export function HeatMap({ caption, hours, rows }: { caption: string; hours: readonly number[]; rows: Slot[][] }) {
  const words = useWords("reports");
  const formats = useFormats();
  const shown = rows.map((row) => row.filter(({ hour }) => hours.includes(hour)));
  const ends = extremes(shown.flat());
  return (
    <div className="flex flex-1 flex-col">
      <div className="relative flex-1 overflow-x-auto" tabIndex={0} role="group" aria-label={caption}>
        <table className="w-full min-w-[560px] table-fixed border-separate border-spacing-[2px] text-[12px]/4 tabular-nums">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              <td className="w-11" />
              {hours.map((hour) => (
                <th key={hour} scope="col" className="pb-1 text-center font-normal text-ink-3">
                  {formats.hour(hour)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, number) => (
              <tr key={number}>
                <th scope="row" className="pe-1 text-start font-normal whitespace-nowrap text-ink-2">
                  {formats.weekday(row[0]?.weekday ?? 1)}
                </th>
                {row.map((slot) => (
                  <HeatCell key={slot.hour} slot={slot} busiest={slot === ends?.busiest} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-x-5 gap-y-1 text-[12px]/4 text-ink-2">
        <span aria-hidden className="flex items-center gap-1 text-ink-3">
          {formats.whole(0)}
          {Array.from({ length: 8 }, (_, step) => (
            <span key={step} className="h-2.5 w-4 rounded-[2px]" style={{ background: `var(--h${step})` }} />
          ))}
          {formats.percent(1)}
        </span>
        {ends && (
          <span className="flex flex-wrap gap-x-5">
            {(["busiest", "quietest"] as const).map((which) => (
              <span key={which}>
                {words.rich(which, {
                  when: `${formats.weekday(ends[which].weekday)} ${formats.hour(ends[which].hour)}:${formats.hour(0)}`,
                  share: formats.percent(ends[which].ratio),
                  b: (chunks) => <bdi className="font-semibold text-ink">{chunks}</bdi>,
                })}
              </span>
            ))}
          </span>
        )}
      </div>
    </div>
  );
}

function HeatCell({ slot: { ratio }, busiest }: { slot: Slot; busiest: boolean }) {
  const formats = useFormats();
  if (ratio === null) return <td className="h-9 rounded-[4px] bg-plan text-center text-ink-3">{NOT_KNOWN}</td>;
  const step = heatStep(ratio);
  return (
    <td
      className={cn("h-9 rounded-[4px] text-center", busiest && "outline-2 -outline-offset-1 outline-ink")}
      style={{ background: `var(--h${step})`, color: `var(--hi${step < 5 ? 0 : 1})` }}
    >
      {formats.whole(ratio * 100)}
    </td>
  );
}
