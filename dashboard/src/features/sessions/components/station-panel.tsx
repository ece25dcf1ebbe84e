"use client";

import { useEffect } from "react";
import { later } from "@/components/ui/later";
import { useStationIds } from "@/lib/live";
import { useSelection } from "@/features/stations";

const OpenPanel = later(async () => (await import("./open-panel")).OpenPanel);

/** The chosen station's panel. */
export function StationPanel() {
  const [selected, select] = useSelection();
  const ids = useStationIds();
  const chosen = selected !== null;
  useEffect(() => {
    // With the address of an open panel, its code comes while the floor is asked for.
    if (chosen) void OpenPanel.load();
  }, [chosen]);
  if (selected === null || ids === null || !ids.includes(selected)) return null;
  return <OpenPanel id={selected} onSelect={select} onClose={() => select(null)} />;
}
