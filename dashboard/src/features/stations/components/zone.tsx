"use client";

import { memo, useCallback, type CSSProperties } from "react";
import { useFloorView, type Entry } from "@/lib/live";
import type { PlanZone } from "../plan";
import { StationTile } from "./station-tile";

export interface ZoneProps {
  zone: PlanZone;
  selected: string | null;
  startable: boolean;
  onSelect: (id: string) => void;
}

/** A zone with its stations in their places. On a phone they stand three in a row, in the same order. */
export const Zone = memo(function Zone({ zone, selected, startable, onSelect }: ZoneProps) {
  const placed = zone.places[0]?.x !== null;
  return (
    <section
      aria-labelledby={`zone-${zone.id}`}
      className="rounded-[12px] border border-line bg-zone px-4 pb-4 max-md:border-0 max-md:bg-transparent max-md:p-0"
    >
      <ZoneHeading zone={zone} />
      <div
        className={placed ? "plan-placed" : "plan-flowing"}
        style={{ "--plan-width": `${zone.width}px`, "--plan-height": `${zone.height}px` } as CSSProperties}
      >
        {zone.places.map(({ id, x, y }) => (
          <div
            key={id}
            className="plan-place"
            style={x === null ? undefined : { insetInlineStart: `${x}px`, top: `${y}px` }}
          >
            <StationTile id={id} selected={id === selected} startable={startable} onSelect={onSelect} />
          </div>
        ))}
      </div>
    </section>
  );
});

function ZoneHeading({ zone }: { zone: PlanZone }) {
  const count = useCallback(
    (entries: Entry[]) => ({
      used: entries.filter(({ station, session }) => {
        return (station.zone?.id ?? "") === zone.id && session !== null && session.status !== "ended";
      }).length,
    }),
    [zone.id],
  );
  const { used } = useFloorView(count);
  return (
    <h2 id={`zone-${zone.id}`} className="flex h-10 items-center gap-2 text-[13px]/[18px]">
      <span className="font-semibold text-ink-2">{zone.name}</span>
      <span className="font-normal text-ink-3 tabular-nums">
        {used} of {zone.places.length} in use
      </span>
    </h2>
  );
}
