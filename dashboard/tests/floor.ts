import type { Session, Station } from "@/lib/api";

/** 20:00:00 UTC, the "now" of tests about time. */
export const NOW = Date.parse("2026-11-22T20:00:00Z");

export function after(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString().replace(".000", "");
}

/** A free, connected and locked PC. */
export function aStation(changes: Partial<Station> = {}): Station {
  return {
    id: "station-1",
    name: "PC-01",
    kind: "pc",
    driver: "agent",
    zone: { id: "zone-1", name: "Main hall" },
    position: null,
    service: "available",
    status: "online",
    connected: true,
    last_seen: after(0),
    free_since: after(-600),
    locked: true,
    agent_version: "1.0.0",
    maintenance_note: null,
    pc: {
      hostname: "ARENA-PC-01",
      os: "Windows 11",
      cpu: "AMD Ryzen 7 7700",
      ram: "32 GB",
      lock_mode: "kiosk",
      capabilities: ["overlay", "idle_time", "pause"],
      clock_offset_seconds: 0.04,
    },
    session: null,
    version: 1,
    ...changes,
  };
}

/** An hour for Marta K. on station-1, of which `left` seconds are left at NOW. */
export function aSession(left: number, changes: Partial<Session> = {}): Session {
  return {
    id: "session-1",
    station_id: "station-1",
    station_name: "PC-01",
    user_name: "Marta K.",
    status: "active",
    end_reason: null,
    end_source: null,
    ended_by: null,
    started_at: after(left - 3600),
    confirmed_at: after(left - 3600),
    scheduled_end_at: after(left),
    ended_at: null,
    remaining_seconds: Math.max(0, left),
    duration_minutes: 60,
    extended_minutes: 0,
    played_seconds: Math.min(3600, 3600 - left),
    paused_seconds: 0,
    gaps: [],
    grace_seconds: 60,
    version: 1,
    delivery: "confirmed",
    warning: null,
    created_by: "owner",
    notes: null,
    ...changes,
  };
}
