"use client";

import { Grid3x3, List, Map } from "lucide-react";
import { useEffect } from "react";
import { Segmented } from "@/components/ui/segmented";
import { useWords } from "@/lib/i18n";
import { useStationIds, useStore } from "@/lib/live";
import { floorView, type FloorView } from "../floor-view";
import { isAsking, isTyping } from "../typing";

/** From how many stations on small tiles help. */
const COMPACT_FROM = 60;

/** Plan or list, and on a large floor small tiles. `V` changes between plan and list. */
export function ViewSwitch() {
  const words = useWords("stations");
  const view = useStore(floorView);
  const many = (useStationIds()?.length ?? 0) >= COMPACT_FROM;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "v" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || isAsking()) return;
      floorView.set(floorView.get() === "list" ? "plan" : "list");
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
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
