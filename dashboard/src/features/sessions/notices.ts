import type { FloorEvent } from "@/lib/api";
import type { Translate } from "@/lib/i18n";
import type { VenueTime } from "@/lib/time";
import type en from "@/messages/en";

type Anomaly = keyof (typeof en)["sessions"]["notices"]["anomalies"];

/**
 * One line about what the server did or found by itself, or null for what somebody at a desk did or what the tile
 * shows anyway. `station` and `player` are the names to say.
 */
export function noticeOf(
  { type, data }: FloorEvent,
  station: string,
  player: string,
  time: VenueTime,
  words: Translate<"sessions">,
): string | null {
  if (type === "SESSION_RESUMED") return data.automatic === true ? words("notices.wentOn", { station }) : null;
  if (type === "SESSION_ENDED") {
    return data.reason === "never_opened" ? words("notices.neverOpened", { station, player }) : null;
  }
  if (!type.startsWith("ANOMALY_")) return null;
  const since = typeof data.from_at === "string" ? time.clock(Date.parse(data.from_at)) : null;
  const known = words.has(`notices.anomalies.${type as Anomaly}`) ? (type as Anomaly) : "ANOMALY";
  return words(`notices.anomalies.${known}`, { station, since: since ?? "", known: since === null ? "no" : "yes" });
}
