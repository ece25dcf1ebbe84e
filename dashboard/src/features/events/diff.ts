/** A field of what changed; `before` undefined where there was nothing before. */
export interface Change {
  field: string;
  before: unknown;
  after: unknown;
}

export interface Diff {
  changed: Change[];
  unchanged: Change[];
}

/** What an event changed, field by field; null where it changed nothing that the log holds. */
export function diffOf(data: Readonly<Record<string, unknown>>): Diff | null {
  const { before, after } = data;
  if (!isRecord(after) && !isRecord(before)) return null;
  const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const all = fields.map((field) => ({ field, before: old[field], after: now[field] }));
  const same = ({ before: one, after: other }: Change) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
  return { changed: all.filter((change) => !same(change)), unchanged: all.filter(same) };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
