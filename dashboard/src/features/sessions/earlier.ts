import type { Session, Station } from "@/lib/api";
import { isolated, type Translate } from "@/lib/i18n";

/** How long the server takes an end back. */
const REOPEN_WITHIN_MS = 3_600_000;

/** What became of a session that was on this station before, in a few words. */
export function endWords(session: Session, stationId: string, words: Translate<"sessions">): string {
  if (session.station_id !== stationId) return words("earlier.moved", { station: session.station_name });
  switch (session.end_reason) {
    case "expired":
      return words("earlier.timeUp");
    case "never_opened":
      return words("earlier.neverOpened");
    default:
      return session.ended_by === null
        ? words("earlier.byHand")
        : words("earlier.by", { who: isolated(session.ended_by) });
  }
}

/** Whether the server would take this end back: by hand, under an hour ago, time left, and its station can open. */
export function canReopen(session: Session, station: Station, now: number): boolean {
  const { ended_at: endedAt, scheduled_end_at: deadline } = session;
  if (session.status !== "ended" || session.end_reason !== "manual_stop" || endedAt === null) return false;
  if (session.station_id !== station.id || session.delivery !== "confirmed") return false;
  const usable = station.service === "available" && station.session === null;
  const reachable = station.driver === "manual" || station.connected;
  const timeLeft = deadline !== null && Date.parse(deadline) > Date.parse(endedAt);
  return usable && reachable && timeLeft && now < Date.parse(endedAt) + REOPEN_WITHIN_MS;
}
