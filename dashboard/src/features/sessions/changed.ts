import type { Problem } from "@/lib/api";
import { isolated, type Translate } from "@/lib/i18n";
import type { VenueTime } from "@/lib/time";
import type en from "@/messages/en";

type Did = keyof (typeof en)["sessions"]["conflict"]["did"];

/** Of a `session.changed` who of the staff did what, and when; null when it wasn't one of them. */
export function whoDidWhat(
  { last_event: last, session }: Problem["more"],
  words: Translate<"sessions">,
  time: VenueTime,
): string | null {
  if (!isRecord(last) || !isRecord(last.actor) || typeof last.type !== "string" || typeof last.at !== "string") {
    return null;
  }
  if (last.actor.kind !== "staff" || !words.has(`conflict.did.${last.type as Did}`)) return null;
  const who = isolated(String(last.actor.name));
  const station = isRecord(session) && typeof session.station_name === "string" ? session.station_name : "";
  const at = time.clock(Date.parse(last.at));
  const minutes = last.type === "SESSION_EXTENDED" ? minutesOf(last.data) : 0;
  if (minutes === 0) return words(`conflict.did.${last.type as Did}`, { who, station, at });
  const key = minutes > 0 ? "conflict.added" : "conflict.took";
  return words(key, { who, station, at, minutes: Math.abs(minutes) });
}

function minutesOf(data: unknown): number {
  const { before, after } = isRecord(data) ? data : {};
  if (!isRecord(before) || !isRecord(after)) return 0;
  return Number(after.extended_minutes) - Number(before.extended_minutes) || 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
