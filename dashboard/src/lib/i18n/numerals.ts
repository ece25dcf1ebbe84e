import { useSyncExternalStore } from "react";
import { createStore } from "@/lib/store";

/** The numbering system of every figure on screen, such as `latn` or `arab`. It is the venue's, in every language. */
export const numerals = createStore("latn");

export function useNumerals(): string {
  return useSyncExternalStore(numerals.subscribe, numerals.get, numerals.get);
}

/** The numbering system that is usual where `locale` is spoken. */
export function numeralsOf(locale: string): string {
  try {
    return new Intl.NumberFormat(locale).resolvedOptions().numberingSystem;
  } catch {
    return "latn";
  }
}

/** Writes the digits of `text` in a numbering system. */
export function inNumerals(text: string, system: string): string {
  if (system === "latn") return text;
  const format = new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false });
  return text.replace(/\d/g, (digit) => format.format(Number(digit)));
}
