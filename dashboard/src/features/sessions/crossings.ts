import type { Session } from "@/lib/api";
import type { Entry } from "@/lib/live";

/** How far a session's time is: more left than the warning's, within it, or over. */
type Phase = "far" | "warned" | "up";

/** The sessions that are followed, by id. */
export type Phases = ReadonlyMap<string, Phase>;

export interface Crossings {
  phases: Phases;
  /** What was crossed since `before` by any session, the louder one if both were. */
  crossed: "warning" | "up" | null;
}

/** What sessions crossed since `before`. One that is seen for the first time has crossed nothing: it may be long so. */
export function crossings(before: Phases, entries: readonly Entry[], now: number, warningSeconds: number): Crossings {
  const phases = new Map<string, Phase>();
  let crossed: Crossings["crossed"] = null;
  for (const { session } of entries) {
    const phase = session && phaseOf(session, now, warningSeconds);
    if (!session || !phase) continue;
    const earlier = before.get(session.id);
    phases.set(session.id, phase);
    if (earlier === undefined || earlier === phase) continue;
    if (phase === "up") crossed = "up";
    else if (phase === "warned" && earlier === "far") crossed ??= "warning";
  }
  return { phases, crossed };
}

function phaseOf(session: Session, now: number, warningSeconds: number): Phase | null {
  if (session.status === "ended") return session.end_reason === "expired" ? "up" : null;
  if (session.status !== "active" || session.scheduled_end_at === null) return null;
  const left = Date.parse(session.scheduled_end_at) - now;
  if (left <= 0) return "up";
  return left <= warningSeconds * 1000 ? "warned" : "far";
}
