import type { FloorEvent, Session, Station } from "@/lib/api";

/** What `/ws/dashboard` sends: the whole floor once, then what changed. A cursor is the id of the last event. */
export interface Snapshot {
  type: "snapshot";
  data: { cursor: number; server_time: string; stations: Station[]; sessions: Session[] };
}

export interface Delta {
  type: "delta";
  data: {
    cursor: number;
    server_time?: string;
    stations?: Station[];
    sessions?: Session[];
    /** Ids of stations that are no longer in use. */
    removed_stations?: string[];
    events?: FloorEvent[];
  };
}

export type LiveMessage = Snapshot | Delta;

/** Reads one frame; null for a type this dashboard doesn't know, which is no error (a newer server may send it). */
export function readMessage(frame: string): LiveMessage | null {
  const message = JSON.parse(frame) as { type?: unknown; data?: unknown };
  const known = message.type === "snapshot" || message.type === "delta";
  if (!known || typeof message.data !== "object" || message.data === null) return null;
  return message as LiveMessage;
}
