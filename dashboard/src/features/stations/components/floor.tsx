"use client";

import { useCallback, useEffect, useMemo, useRef, type CSSProperties } from "react";
import { later } from "@/components/ui/later";
import { floor, useLink, useStationIds, useStore } from "@/lib/live";
import { cn } from "@/lib/cn";
import { useMayRunSessions } from "@/features/staff";
import { useZones } from "@/features/venues";
import { editing } from "../editor/editing";
import { floorView, useFloorInAddress, useViewKey } from "../floor-view";
import { COMPACT, planOf, type Plan } from "../plan";
import { choosing } from "../choosing";
import { useSelection } from "../selection";
import { usePicking } from "../use-picking";
import { EmptyFloor } from "./empty-floor";
import { LoadingFloor } from "./loading-floor";
import { Zone } from "./zone";

const StationList = later(async () => (await import("./station-list")).StationList, <LoadingFloor />);
const PlanEditor = later(async () => (await import("../editor/plan-editor")).PlanEditor, <LoadingFloor />);

/** The venue's stations by zone, alive. */
export function Floor() {
  useFloorInAddress();
  useViewKey();
  const ids = useStationIds();
  const view = useStore(floorView);
  const plan = usePlan(view === "compact");
  const { live } = useLink();
  const mayRun = useMayRunSessions();
  const [selected, select] = useSelection();
  const picking = usePicking(mayRun);
  const edited = useStore(editing);
  useEffect(() => () => editing.set(false), []);
  const known = ids !== null && plan !== null;
  const area = useRef<HTMLDivElement>(null);
  const onSelect = useCallback(
    (id: string) => {
      const chosen = choosing.get();
      if (chosen) chosen.choose(id);
      else select(id);
    },
    [select],
  );

  useEffect(() => {
    // Where the panel lies over the plan, the chosen tile moves out from under it.
    if (selected === null || !known) return;
    const tile = area.current?.querySelector(`[data-station-id="${CSS.escape(selected)}"]`);
    tile?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected, view, known]);

  if (ids === null || plan === null) return <LoadingFloor />;
  if (ids.length === 0) return <EmptyFloor />;
  if (edited) return <PlanEditor onClose={() => editing.set(false)} />;
  const list = view === "list";
  return (
    <div
      ref={area}
      className={cn(
        list
          ? "plan-list"
          : "plan relative flex flex-wrap content-start items-start gap-4 max-md:flex-col max-md:flex-nowrap max-md:items-stretch max-md:gap-2",
        !list && plan.size && "plan-map",
        view === "compact" && "plan-compact",
        !live && "not-live",
      )}
      data-panel={selected === null ? undefined : ""}
      style={
        !list && plan.size
          ? ({ "--map-width": `${plan.size.width}px`, "--map-height": `${plan.size.height}px` } as CSSProperties)
          : undefined
      }
      {...picking}
    >
      {list ? (
        <StationList selected={selected} onSelect={onSelect} />
      ) : (
        plan.zones.map((zone) => (
          <Zone key={zone.id} zone={zone} selected={selected} startable={mayRun && live} onSelect={onSelect} />
        ))
      )}
    </div>
  );
}

/** The plan, made anew only when a station comes, goes, or changes its place; null until the zones are known. */
function usePlan(compact: boolean): Plan | null {
  const revision = useStore(floor.revision);
  const zones = useZones();
  const next = useMemo(() => {
    const stations = floor.all().map((entry) => entry.station);
    const signature = JSON.stringify(stations.map((s) => [s.id, s.zone, s.position]));
    return { stations, signature, revision };
  }, [revision]);
  // The stations change with every delta; their places, which is all that counts here, hardly ever.
  return useMemo(
    () => (zones ? planOf(next.stations, zones, compact ? COMPACT : undefined) : null),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [next.signature, zones, compact],
  );
}
