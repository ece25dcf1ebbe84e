import { useCallback } from "react";
import { useWords } from "@/lib/i18n";
import { useFloorView, useStore, type Entry } from "@/lib/live";
import { filter, matches } from "./filter";
import { deriveTile } from "./tile";

/** Ids of the stations that are looked for, in the order of their names. */
export function useMatchingStations(): string[] {
  const guest = useWords("common")("guest");
  const sought = useStore(filter);
  const view = useCallback(
    (entries: Entry[], now: number) => ({
      ids: entries
        .filter((entry) => matches(sought, deriveTile(entry, now, true), guest))
        .map(({ station }) => station.id)
        .join(" "),
    }),
    [sought, guest],
  );
  const { ids } = useFloorView(view);
  return ids === "" ? [] : ids.split(" ");
}
