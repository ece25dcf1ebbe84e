import type { FloorEvent } from "@/lib/api";
import type { VenueTime } from "@/lib/time";

/**
 * One line about what the server did or found by itself, or null for what somebody at a desk did or what the tile
 * shows anyway. `station` and `player` are the names to say.
 */
export function noticeOf(event: FloorEvent, station: string, player: string, time: VenueTime): string | null {
  const { type, data } = event;
  if (type === "SESSION_RESUMED") {
    return data.automatic === true ? `${station} went on by itself: the longest pause is over.` : null;
  }
  if (type === "SESSION_ENDED") {
    return data.reason === "never_opened" ? `${station} never opened for ${player}, so that session has ended.` : null;
  }
  if (!type.startsWith("ANOMALY_")) return null;
  const since = typeof data.from_at === "string" ? ` since ${time.clock(Date.parse(data.from_at))}` : "";
  switch (type) {
    case "ANOMALY_RAN_WITHOUT_SESSION":
      return `${station} has been open without a session${since}.`;
    case "ANOMALY_AGENT_ABSENT":
      return `${station} hasn’t answered${since} although its session runs.`;
    case "ANOMALY_NOT_ENFORCED":
      return `${station} has been open${since} although its session is over, paused or not open yet. Look at it.`;
    case "ANOMALY_HELPER_KILLED":
      return `On ${station} the part of the agent that the player sees was closed.`;
    case "ANOMALY_CLOCK_JUMP":
      return `The clock of ${station} was set. Its session keeps the server’s time.`;
    case "ANOMALY_FLAPPING_TAKEOVERS":
      return `Two PCs take turns as ${station}. Look for a copied configuration.`;
    case "ANOMALY_FLOODING":
      return `${station} reports or connects far too often. Look at it, or give it a new token.`;
    case "ANOMALY_CLONED_PC":
      return `Another PC came as ${station} and got no session. Look for a copied configuration.`;
    case "ANOMALY_MOVED_WHILE_OFFLINE":
      return `${station} couldn’t be told that its session moved, so it may stay open. Look at it.`;
    case "ANOMALY_PAUSED_WHILE_OFFLINE":
      return `${station} couldn’t be told that its session is paused, so it may stay open. Look at it.`;
    default:
      return `Something odd happened on ${station}. The event log has it.`;
  }
}
