"use client";

import { later } from "@/components/ui/later";
import { useStore } from "@/lib/live";
import { clearPicked, picked } from "@/features/stations";

const ManyBar = later(async () => (await import("./many-bar")).ManyBar);

/** The bar for the stations that are picked, while there are some or some are about to be. */
export function SelectionBar() {
  const { ids, picking } = useStore(picked);
  if (ids.size === 0 && !picking) return null;
  return <ManyBar ids={ids} onClose={clearPicked} />;
}
