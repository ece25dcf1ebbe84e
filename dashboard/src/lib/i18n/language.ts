import { useSyncExternalStore } from "react";
import { createStore } from "@/lib/store";
import { STORED_AS } from "./language-script";
import { directionOf, isLanguageCode, type LanguageCode } from "./languages";

const store = createStore<LanguageCode | null>(null);

/** The language of this browser's dashboard and how to choose another one. The choice stays in this browser. */
export function useLanguage(): [LanguageCode, (choice: LanguageCode) => void] {
  return [useSyncExternalStore(store.subscribe, current, () => "en" as const), choose];
}

function current(): LanguageCode {
  const chosen = store.get() ?? document.documentElement.lang;
  return isLanguageCode(chosen) ? chosen : "en";
}

function choose(choice: LanguageCode): void {
  document.documentElement.lang = choice;
  document.documentElement.dir = directionOf(choice);
  try {
    localStorage.setItem(STORED_AS, choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  store.set(choice);
}
