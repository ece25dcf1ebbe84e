export const MOST_AT_ONCE = 100;
export const LONGEST_NAME = 40;

const NUMBERED = /^(.*?)(\d+)$/;

/** The names of so many stations: PC-21, PC-22 and on; a name without a number gets one when there are several. */
export function namesFrom(first: string, count: number): string[] {
  const name = first.trim();
  const [, stem, digits] = NUMBERED.exec(name) ?? [];
  if (stem === undefined || digits === undefined) {
    return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);
  }
  const start = Number(digits);
  return Array.from({ length: count }, (_, index) => stem + String(start + index).padStart(digits.length, "0"));
}

/** The name that goes on where the numbered ones end: PC-21 after PC-20. */
export function nextName(names: readonly string[]): string {
  const last = names.findLast((name) => NUMBERED.test(name));
  if (last === undefined) return "PC-01";
  const taken = new Set(names);
  return namesFrom(last, names.length + 2).find((name) => !taken.has(name)) ?? "PC-01";
}
