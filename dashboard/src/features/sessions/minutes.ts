import type { Venue } from "@/lib/api";
import type { Translate } from "@/lib/i18n";

export const START_CHOICES = [15, 30, 60, 120] as const;
export const EXTEND_CHOICES = [15, 30, 60] as const;

export type Limits = Pick<Venue, "min_minutes" | "max_minutes" | "step_minutes">;

export const DEFAULT_LIMITS: Limits = { min_minutes: 1, max_minutes: 1440, step_minutes: 1 };

/** The usual lengths that the venue allows. */
export function usual(choices: readonly number[], { min_minutes: min, max_minutes: max, step_minutes: step }: Limits) {
  return choices.filter((minutes) => minutes >= min && minutes <= max && minutes % step === 0);
}

/** Reads typed minutes: a whole number within the venue's limits, or the words that say what to type. */
export function readMinutes(
  typed: string,
  limits: Limits,
  words: Translate<"sessions">,
): { minutes: number } | { problem: string } {
  const text = typed.trim();
  const minutes = Number(text);
  const { min_minutes: min, max_minutes: max, step_minutes: step } = limits;
  const fits = /^\d+$/.test(text) && minutes >= min && minutes <= max && minutes % step === 0;
  if (fits) return { minutes };
  return { problem: step === 1 ? words("minutes.whole", { min, max }) : words("minutes.steps", { step, min, max }) };
}
