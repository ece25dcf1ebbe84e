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

/** Time given or taken, in minutes and seconds however long it is: `+90:00`, `−05:00`. */
export function signedTime(seconds: number): string {
  const length = Math.abs(seconds);
  return `${seconds < 0 ? "−" : "+"}${two(Math.floor(length / 60))}:${two(length % 60)}`;
}

function two(n: number): string {
  return n.toString().padStart(2, "0");
}
