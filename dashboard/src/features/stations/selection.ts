import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** Opens a station's panel, or closes it; with `instead`, only where that station's is open still. */
type Select = (id: string | null, instead?: string) => void;

/** The station whose panel is open. It lives in the address, so that a reload and the back button keep it right. */
export function useSelection(): [string | null, Select] {
  const selected = useSearchParams().get("station");
  const select = useCallback<Select>((id, instead) => {
    const here = new URL(location.href);
    const before = here.searchParams.get("station");
    if (before === id || (instead !== undefined && before !== instead)) return;
    if (id === null) here.searchParams.delete("station");
    else here.searchParams.set("station", id);
    // Opening is a step to go back from; going on to the next station, or closing, is not.
    if (before === null) history.pushState(null, "", here);
    else history.replaceState(null, "", here);
  }, []);
  return [selected, select];
}
