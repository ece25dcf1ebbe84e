/** A figure of time left: under an hour `24:13`, from an hour on `1:24` with the unit h and no seconds. */
export interface Figure {
  digits: string;
  unit: "h" | null;
}

export const UNKNOWN: Figure = { digits: "--:--", unit: null };

/** Whole seconds until `end`, never below 0. A part of a second counts as a whole one, so 00:00 comes with the end. */
export function secondsUntil(end: number, now: number): number {
  return Math.max(0, Math.ceil((end - now) / 1000));
}

export function figure(seconds: number): Figure {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return { digits: `${Math.floor(minutes / 60)}:${two(minutes % 60)}`, unit: "h" };
  return { digits: `${two(minutes)}:${two(seconds % 60)}`, unit: null };
}

/** The figure within a sentence: `06:42` or `1:24 h`. */
export function figureText(seconds: number): string {
  const { digits, unit } = figure(seconds);
  return unit ? `${digits} ${unit}` : digits;
}

/** Time given or taken, in minutes and seconds however long it is: `+90:00`, `−05:00`. */
export function signedTime(seconds: number): string {
  const length = Math.abs(seconds);
  return `${seconds < 0 ? "−" : "+"}${two(Math.floor(length / 60))}:${two(length % 60)}`;
}

/** A length that somebody chose: `30 min`, `2 h`, `1 h 30`. */
export function lengthText(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${two(rest)}`;
}

/** Time left for a screen reader, without seconds, which would never stop being read. */
export function spokenTime(seconds: number): string {
  if (seconds < 60) return "less than a minute";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const parts = [hours > 0 && count(hours, "hour"), minutes % 60 > 0 && count(minutes % 60, "minute")];
  return parts.filter(Boolean).join(" ");
}

/** How long ago, in the largest unit that fits: `12 s`, `4 min`, `2 h`, `3 d`. */
export function agoText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function count(n: number, unit: string): string {
  return n === 1 ? `1 ${unit}` : `${n} ${unit}s`;
}

function two(n: number): string {
  return n.toString().padStart(2, "0");
}
