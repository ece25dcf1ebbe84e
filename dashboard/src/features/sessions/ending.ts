import type { Entry } from "@/lib/live";
import { graceLeft } from "@/features/stations";

const WITHIN_MS = 600_000;

export interface Ending {
  /** Ids of the stations whose sessions end within ten minutes or are in their grace, the soonest first. */
  ids: string;
  /** When the first of the others ends, in epoch milliseconds. */
  next: number | null;
}

/** What ends next on the floor. The ids are one string, so that an unchanged answer is seen to be unchanged. */
export function endingNext(entries: Entry[], now: number): Ending {
  const soon: { id: string; at: number }[] = [];
  let next: number | null = null;
  for (const { station, session } of entries) {
    if (!session) continue;
    const inGrace = graceLeft(session, now) !== null;
    if (!inGrace && session.status !== "active") continue;
    const end = session.status === "ended" ? session.ended_at : session.scheduled_end_at;
    if (end === null) continue;
    const at = Date.parse(end);
    if (at - now <= WITHIN_MS) soon.push({ id: station.id, at });
    else next = Math.min(next ?? Infinity, at);
  }
  soon.sort((a, b) => a.at - b.at);
  return { ids: soon.map(({ id }) => id).join(" "), next };
}
