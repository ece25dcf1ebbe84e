"use client";

import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { useFormats } from "../formats";
import type { Sheets } from "../sheets";
import { Card } from "./card";

/** How each zone was used, and the stations that were used least. */
export function ZonesCard({ sheets: { zones, stations, before } }: { sheets: Sheets }) {
  const { percent, whole } = useFormats();
  return (
    <Card
      sheet={{ ...zones.sheet, rows: [...zones.sheet.rows, ...stations.sheet.rows] }}
      aside={
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="h-3 w-0.5 bg-ink" />
          <bdi>{before}</bdi>
        </span>
      }
    >
      <ul className="grid gap-3">
        {zones.data.map(({ label, now, before: earlier }) => {
          const points = now === null || earlier === null ? null : Math.round(now * 100) - Math.round(earlier * 100);
          return (
            <li key={label} className="flex items-center gap-3 tabular-nums">
              <bdi className="w-24 shrink-0 truncate" title={label}>
                {label}
              </bdi>
              <span aria-hidden className="relative h-2.5 min-w-0 flex-1 rounded-[4px] bg-track">
                <span
                  className="absolute inset-y-0 start-0 rounded-[4px] bg-accent-text"
                  style={{ width: `${Math.min(100, (now ?? 0) * 100)}%` }}
                />
                {earlier !== null && (
                  <span
                    className="absolute -inset-y-0.5 w-0.5 bg-ink outline-1 outline-zone light:outline-surface"
                    style={{ insetInlineStart: `${Math.min(100, earlier * 100)}%` }}
                  />
                )}
              </span>
              <span className="w-11 shrink-0 text-end font-semibold">{percent(now)}</span>
              <span
                className={cn("w-8 shrink-0 text-end text-[12px]/4", (points ?? 0) > 0 ? "text-ok" : "text-ink-3")}
                dir="ltr"
              >
                {points === null || points === 0 ? "" : `${points > 0 ? "+" : "−"}${whole(Math.abs(points))}`}
              </span>
            </li>
          );
        })}
      </ul>
      <LeastUsed stations={stations} />
    </Card>
  );
}

function LeastUsed({ stations }: Pick<Sheets, "stations">) {
  const words = useWords("reports");
  const { percent } = useFormats();
  if (stations.data.length === 0) return null;
  return (
    <>
      <h3 className="mt-5 mb-1 text-[12px]/4 font-semibold text-ink-2">{words("leastUsed")}</h3>
      <ul className="grid grid-cols-2 gap-x-6">
        {stations.data.map(({ label, now }) => (
          <li key={label} className="flex justify-between gap-2 border-t border-line py-2">
            <bdi className="truncate font-semibold">{label}</bdi>
            <span className="text-ink-2 tabular-nums">{percent(now)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
