import { useMemo } from "react";
import { inNumerals, useNumerals, useWords, type Translate } from "@/lib/i18n";
import { figure, signedTime } from "./figures";

/** Lengths of time in the dashboard's language and the venue's digits. */
export interface TimeWords {
  /** A length that somebody chose: `30 min`, `2 h`, `1 h 30`. */
  length: (minutes: number) => string;
  /** How long ago, in the largest unit that fits: `12 s`, `4 min`, `2 h`, `3 d`. */
  ago: (seconds: number) => string;
  /** The same as a whole phrase: `4 min ago`. */
  past: (seconds: number) => string;
  /** Time left for a screen reader, without seconds, which would never stop being read. */
  spoken: (seconds: number) => string;
  /** A figure within a sentence: `06:42` or `1:24 h`. */
  figure: (seconds: number) => string;
  /** Time given or taken, in minutes and seconds: `+90:00`, `−05:00`. */
  signed: (seconds: number) => string;
  /** The unit beside a figure of an hour and more. */
  hourUnit: string;
  /** Digits that were written here, as the venue writes them. */
  digits: (text: string) => string;
}

export function useTimeWords(): TimeWords {
  const words = useWords("time");
  const system = useNumerals();
  return useMemo(() => timeWords(words, system), [words, system]);
}

export function timeWords(words: Translate<"time">, system = "latn"): TimeWords {
  const digits = (text: string) => inNumerals(text, system);
  return {
    digits,
    hourUnit: words("hourUnit"),
    length: (minutes) => lengthOf(minutes, words, digits),
    ago: (seconds) => agoOf(seconds, words),
    past: (seconds) => words("ago", { length: agoOf(seconds, words) }),
    spoken: (seconds) => spokenOf(seconds, words),
    figure: (seconds) => {
      const { digits: written, unit } = figure(seconds);
      return unit ? `${digits(written)} ${words("hourUnit")}` : digits(written);
    },
    signed: (seconds) => digits(signedTime(seconds)),
  };
}

function lengthOf(minutes: number, words: Translate<"time">, digits: (text: string) => string): string {
  if (minutes < 60) return words("minutes", { count: minutes });
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (rest === 0) return words("hours", { count: hours });
  return words("hoursMinutes", { hours, minutes: digits(rest.toString().padStart(2, "0")) });
}

function agoOf(seconds: number, words: Translate<"time">): string {
  if (seconds < 60) return words("secondsAgo", { count: seconds });
  if (seconds < 3600) return words("minutes", { count: Math.floor(seconds / 60) });
  if (seconds < 86_400) return words("hours", { count: Math.floor(seconds / 3600) });
  return words("days", { count: Math.floor(seconds / 86_400) });
}

function spokenOf(seconds: number, words: Translate<"time">): string {
  if (seconds < 60) return words("spoken.underMinute");
  const [hours, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const minutes = words("spoken.minutes", { count: rest });
  if (hours === 0) return minutes;
  const spokenHours = words("spoken.hours", { count: hours });
  return rest === 0 ? spokenHours : words("spoken.both", { hours: spokenHours, minutes });
}
