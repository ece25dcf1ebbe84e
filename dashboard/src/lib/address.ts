import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** What to change in the address's query; null takes a name out. */
export type AddressChanges = Readonly<Record<string, string | null>>;

/** What the address's query says, so that a link, a reload and the back button show the same. */
export function useAddress(): [(name: string) => string | null, (changes: AddressChanges, step?: boolean) => void] {
  const query = useSearchParams();
  const read = useCallback((name: string) => query.get(name), [query]);
  return [read, changeAddress];
}

/** `step`: one to go back from, such as opening a panel; a filter isn't one. */
function changeAddress(changes: AddressChanges, step = false): void {
  const here = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") here.searchParams.delete(name);
    else here.searchParams.set(name, value);
  }
  if (here.href === location.href) return;
  if (step) history.pushState(null, "", here);
  else history.replaceState(null, "", here);
}
