import type { Gap, Grant } from "@/lib/api";

/** A line of a session's ledger: time that was given, or a stretch in which nobody played (`seconds` null: it lasts). */
export type Line = { id: string; at: number; what: string; why: string | null; who: string } & (
  { given: true; seconds: number } | { given: false; seconds: number | null }
);

const grantWords: Record<string, string> = {
  initial: "Started",
  extension: "Extended",
  correction: "Corrected",
  compensation: "Compensated",
};

const gapWords: Record<Gap["kind"], string> = { paused: "Paused", moving: "Moved", closed: "Closed" };

/** Grants and gaps in the order in which they happened. A gap of less than a second took nothing and isn't shown. */
export function ledgerOf(grants: readonly Grant[], gaps: readonly Gap[]): Line[] {
  return [...grants.map(ofGrant), ...gaps.map(ofGap).filter((line) => line.seconds !== 0)].sort((a, b) => a.at - b.at);
}

function ofGrant(grant: Grant): Line {
  return {
    id: grant.id,
    at: Date.parse(grant.granted_at),
    what: grantWords[grant.kind] ?? "Changed",
    why: grant.reason,
    who: grant.actor_name,
    given: true,
    seconds: grant.seconds,
  };
}

function ofGap(gap: Gap): Line {
  const at = Date.parse(gap.from_at);
  const seconds = gap.to_at === null ? null : Math.round((Date.parse(gap.to_at) - at) / 1000);
  return {
    id: gap.id,
    at,
    what: gapWords[gap.kind],
    why: gap.reason,
    who: gap.actor_name ?? "",
    given: false,
    seconds,
  };
}
