import { useSyncExternalStore } from "react";
import { createStore } from "@/lib/store";
import { STORED_AS } from "@/lib/theme-script";

const choices = ["system", "dark", "light"] as const;
export type ThemeChoice = (typeof choices)[number];

const store = createStore<ThemeChoice | null>(null);

/** The chosen theme and how to choose another one. The choice stays in this browser. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const chosen = useSyncExternalStore(store.subscribe, current, () => "system" as const);
  return [chosen, choose];
}

export function isThemeChoice(value: unknown): value is ThemeChoice {
  return choices.some((choice) => choice === value);
}

function current(): ThemeChoice {
  const chosen = store.get() ?? document.documentElement.dataset.themeChoice;
  return isThemeChoice(chosen) ? chosen : "system";
}

function choose(choice: ThemeChoice): void {
  const root = document.documentElement;
  const light = choice === "light" || (choice === "system" && matchMedia("(prefers-color-scheme: light)").matches);
  root.dataset.themeChoice = choice;
  root.dataset.theme = light ? "light" : "dark";
  try {
    localStorage.setItem(STORED_AS, choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  store.set(choice);
}
