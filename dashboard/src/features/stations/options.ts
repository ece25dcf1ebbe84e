import { useMemo } from "react";
import { useFloorView, type Entry } from "@/lib/live";

export interface StationOption {
  /** The station's id. */
  value: string;
  /** Its name. */
  label: string;
}

/** The stations of the floor by name, as a list of choices. The same list until one comes, goes or is renamed. */
export function useStationOptions(): readonly StationOption[] {
  const { names } = useFloorView(namesOf);
  return useMemo(
    () => (names === "" ? [] : names.split("\n").map((line) => ({ value: line.slice(0, 36), label: line.slice(36) }))),
    [names],
  );
}

/** As one text, which is compared as a whole. */
function namesOf(entries: Entry[]) {
  return { names: entries.map(({ station }) => station.id + station.name).join("\n") };
}
