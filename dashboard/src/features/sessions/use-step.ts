import { useStationIds } from "@/lib/live";
import { useSelection } from "@/features/stations";

/** Goes on to the station so many places after `from` (or before it), round and round; false where there is none. */
export function useStep(): (from: string | null, by: number) => boolean {
  const select = useSelection()[1];
  const ids = useStationIds();
  return (from, by) => {
    if (!ids || ids.length === 0) return false;
    const at = from === null ? -1 : ids.indexOf(from);
    const to = at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    select(ids[to] ?? null);
    return true;
  };
}
