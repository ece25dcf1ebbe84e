import type { Gap, Grant } from "@/lib/api";
import type { Translate } from "@/lib/i18n";
import { reasonInWords } from "@/lib/reasons";

/** A line of a session's ledger: time that was given, or a stretch in which nobody played (`seconds` null: it lasts). */
export type Line = { id: string; at: number; what: string; why: string | null; who: string } & (
  { given: true; seconds: number } | { given: false; seconds: number | null }
);

/** Grants and gaps in the order in which they happened. A gap of less than a second took nothing and isn't shown. */
export function ledgerOf(
  grants: readonly Grant[],
  gaps: readonly Gap[],
  words: Translate<"sessions">,
  common: Translate<"common">,
): Line[] {
  const lines = gaps.map((gap) => ofGap(gap, words, common)).filter((line) => line.seconds !== 0);
  return [...grants.map((grant) => ofGrant(grant, words, common)), ...lines].sort((a, b) => a.at - b.at);
}

function ofGrant(grant: Grant, words: Translate<"sessions">, common: Translate<"common">): Line {
  return {
    id: grant.id,
    at: Date.parse(grant.granted_at),
    what: words(`ledger.grants.${grant.kind}`),
    why: grant.reason && reasonInWords(grant.reason, common),
    who: grant.actor_name,
    given: true,
    seconds: grant.seconds,
  };
}

function ofGap(gap: Gap, words: Translate<"sessions">, common: Translate<"common">): Line {
  const at = Date.parse(gap.from_at);
  const seconds = gap.to_at === null ? null : Math.round((Date.parse(gap.to_at) - at) / 1000);
  return {
    id: gap.id,
    at,
    what: words(`ledger.gaps.${gap.kind}`),
    why: gap.reason && reasonInWords(gap.reason, common),
    who: gap.actor_name ?? "",
    given: false,
    seconds,
  };
}
