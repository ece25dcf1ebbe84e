"use client";

import { Grid3x3, List, Map } from "lucide-react";
import { Segmented } from "@/components/ui/segmented";
import { useWords } from "@/lib/i18n";
import { useStationIds, useStore } from "@/lib/live";
import { floorView, type FloorView } from "../floor-view";

/** From how many stations on small tiles help. */
const COMPACT_FROM = 60;

/** Plan or list, and on a large floor small tiles. */
export function ViewSwitch() {
  const words = useWords("stations");
  const view = useStore(floorView);
  const many = (useStationIds()?.length ?? 0) >= COMPACT_FROM;
  return (
    <Segmented<FloorView>
      label={words("view.label")}
      segments={[
        { value: "plan", label: words("view.plan"), Icon: Map },
        ...(many || view === "compact"
          ? [{ value: "compact" as const, label: words("view.compact"), Icon: Grid3x3 }]
          : []),
        { value: "list", label: words("view.list"), Icon: List },
      ]}
      value={view}
      onChange={(next) => floorView.set(next)}
      compact
    />
  );
}
