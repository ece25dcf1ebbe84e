"use client";

import { memo, useCallback, type CSSProperties } from "react";
import { useWords } from "@/lib/i18n";
import { useFloorView, useStore, type Entry } from "@/lib/live";
import { pickAlso, picked } from "../picked";
import type { PlanZone } from "../plan";
import { graceLeft } from "../tile";
import { StationTile } from "./station-tile";

export interface ZoneProps {
  zone: PlanZone;
  selected: string | null;
  startable: boolean;
  onSelect: (id: string) => void;
}

/** A zone with its stations in their places. On a phone they stand three in a row, in the same order. */
export const Zone = memo(function Zone({ zone, selected, startable, onSelect }: ZoneProps) {
  const placed = zone.places[0]?.at !== null;
  const { area, box } = zone;
  return (
    <section
      aria-labelledby={`zone-${zone.id}`}
      className="plan-zone rounded-[12px] border border-line bg-zone px-[15px] pb-[15px] max-md:border-0 max-md:bg-transparent max-md:p-0"
      style={box ? { left: box.x, top: box.y, width: box.width, minHeight: box.height } : undefined}
    >
      <ZoneHeading zone={zone} />
      <div
        className={placed ? "plan-placed" : "plan-flowing"}
        style={{ "--plan-width": `${area.width}px`, "--plan-height": `${area.height}px` } as CSSProperties}
      >
        {zone.places.map(({ id, at }) => (
          <div key={id} className="plan-place" style={at ? { left: at.x, top: at.y } : undefined}>
            <StationTile id={id} selected={id === selected} startable={startable} onSelect={onSelect} />
          </div>
        ))}
      </div>
    </section>
  );
});

function ZoneHeading({ zone }: { zone: PlanZone }) {
  const words = useWords("stations");
  const count = useCallback(
    (entries: Entry[], now: number) => ({ used: entries.filter((entry) => isUsed(entry, zone.id, now)).length }),
    [zone.id],
  );
  const { used } = useFloorView(count);
  const { picking, ids } = useStore(picked);
  return (
    <h2 id={`zone-${zone.id}`} className="zone-heading flex h-10 items-center gap-2 text-[13px]/[18px]">
      <span className="font-semibold text-ink-2">{zone.name || words("noZone")}</span>
      <span className="font-normal text-ink-3 tabular-nums">{words("inUse", { used, total: zone.places.length })}</span>
      {(picking || ids.size > 0) && (
        <button
          type="button"
          aria-label={words("pick.zone", { zone: zone.name || words("noZone") })}
          onClick={() => pickAlso(zone.places.map(({ id }) => id))}
          className="ms-auto h-6 rounded-[6px] px-2 text-[12px]/4 font-medium text-accent-text hover:bg-raised max-md:h-11"
        >
          {words("pick.all")}
        </button>
      )}
    </h2>
  );
}

/** Somebody plays there, or is still within the grace. */
function isUsed({ station, session }: Entry, zoneId: string, now: number): boolean {
  if ((station.zone?.id ?? "") !== zoneId || session === null) return false;
  return session.status !== "ended" || graceLeft(session, now) !== null;
}
