/** A calendar day, `2026-11-20`. */
export type Day = string;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The business day of an instant: the one whose start is the latest not after it. The server reckons the same. */
export function businessDay(instant: number, timeZone: string, startMinutes: number): Day {
  let day = addDays(dayOf(shown(instant, timeZone)), 1);
  while (dayStartsAt(day, timeZone, startMinutes) > instant) day = addDays(day, -1);
  return day;
}

/**
 * The instant at which a business day begins: the first at which the clocks there show its start or more. Of a start
 * that comes twice in the autumn night it is the first; one that the spring night leaves out is the end of that gap.
 */
export function dayStartsAt(day: Day, timeZone: string, startMinutes: number): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + startMinutes * MINUTE_MS;
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((instant) => shown(instant, timeZone) - instant);
  const guesses = offsets.map((offset) => wanted - offset);
  const hits = guesses.filter((guess) => shown(guess, timeZone) === wanted);
  if (hits.length > 0) return Math.min(...hits);
  let [before, behind] = [Math.min(...guesses), Math.max(...guesses)];
  while (behind - before > 1000) {
    const middle = before + Math.floor((behind - before) / 2000) * 1000;
    if (shown(middle, timeZone) >= wanted) behind = middle;
    else before = middle;
  }
  return behind;
}

export function addDays(day: Day, days: number): Day {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && dayOf(instant) === text;
}

function dayOf(instant: number): Day {
  return new Date(instant).toISOString().slice(0, 10);
}

/** What the clocks of a zone show at an instant, as if they stood in UTC. */
function shown(instant: number, timeZone: string): number {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let found = clocks.get(timeZone);
  if (!found) {
    const [date, time] = [{ year: "numeric", month: "numeric", day: "numeric" } as const, "numeric" as const];
    found = new Intl.DateTimeFormat("en", {
      ...date,
      hour: time,
      minute: time,
      second: time,
      hourCycle: "h23",
      calendar: "gregory",
      numberingSystem: "latn",
      timeZone,
    });
    clocks.set(timeZone, found);
  }
  return found;
}
