import { addDays, isDay, type Day } from "./business-day";

/** Business days from the first to the last, both covered. */
export interface Days {
  from: Day;
  to: Day;
}

export const presets = ["today", "yesterday", "7", "30", "all"] as const;
export type Preset = (typeof presets)[number];

/** Which days are looked at, as it stands in an address: a preset, or `2026-11-01..2026-11-20`. */
export type DayChoice = Preset | `${Day}..${Day}`;

export function isPreset(text: string): text is Preset {
  return presets.some((preset) => preset === text);
}

/** The choice in an address, or `otherwise` where there is none that can be read. */
export function readDayChoice(text: string | null, otherwise: Preset): DayChoice {
  if (text === null) return otherwise;
  if (isPreset(text)) return text;
  const days = freeDays(text);
  return days === null ? otherwise : `${days.from}..${days.to}`;
}

/** The days of a choice; null means every day there ever was. Presets go with the venue's `today`. */
export function daysOf(choice: DayChoice, today: Day): Days | null {
  switch (choice) {
    case "all":
      return null;
    case "today":
      return { from: today, to: today };
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "7":
    case "30":
      return { from: addDays(today, 1 - Number(choice)), to: today };
    default:
      return freeDays(choice) ?? { from: today, to: today };
  }
}

/** Two days in the order of time, whichever was given first. */
export function freeChoice(one: Day, other: Day): DayChoice {
  return one <= other ? `${one}..${other}` : `${other}..${one}`;
}

function freeDays(text: string): Days | null {
  const [from, to, more] = text.split("..");
  if (from === undefined || to === undefined || more !== undefined || !isDay(from) || !isDay(to)) return null;
  return from <= to ? { from, to } : { from: to, to: from };
}
