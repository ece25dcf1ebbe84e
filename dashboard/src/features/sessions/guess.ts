import type { Gap, Session, Station } from "@/lib/api";

/**
 * What a session will most likely be after an action, shown until the server has answered. It keeps its version, so that
 * whatever the server says next takes its place.
 */
export const guess = {
  started(station: Station, minutes: number, player: string | null, who: string, now: number): Session {
    const byHand = station.driver === "manual";
    return {
      id: `start-${station.id}`,
      station_id: station.id,
      station_name: station.name,
      user_name: player,
      status: byHand ? "active" : "pending",
      end_reason: null,
      end_source: null,
      ended_by: null,
      started_at: iso(now),
      confirmed_at: byHand ? iso(now) : null,
      scheduled_end_at: iso(now + minutes * 60_000),
      ended_at: null,
      remaining_seconds: minutes * 60,
      duration_minutes: minutes,
      extended_minutes: 0,
      played_seconds: 0,
      paused_seconds: 0,
      gaps: [],
      grace_seconds: 60,
      version: 0,
      delivery: byHand ? "confirmed" : "sending",
      warning: null,
      created_by: who,
      notes: null,
    };
  },

  /** More or less time; in the grace this revives the session. */
  changed(session: Session, seconds: number): Session {
    const end = session.ended_at ?? session.scheduled_end_at;
    return {
      ...session,
      status: session.status === "ended" ? "active" : session.status,
      end_reason: null,
      ended_at: null,
      scheduled_end_at: end === null ? null : iso(Date.parse(end) + seconds * 1000),
      remaining_seconds: Math.max(0, session.remaining_seconds + seconds),
      extended_minutes: session.extended_minutes + Math.trunc(seconds / 60),
    };
  },

  paused(session: Session, who: string, now: number): Session {
    const end = session.scheduled_end_at;
    const left = end === null ? session.remaining_seconds : Math.max(0, Math.ceil((Date.parse(end) - now) / 1000));
    const gap: Gap = {
      ...{ id: `pause-${session.id}`, seq: session.gaps.length + 1, kind: "paused", from_at: iso(now), to_at: null },
      ...{ reason: null, actor_id: null, actor_name: who },
    };
    return {
      ...session,
      status: "paused",
      scheduled_end_at: null,
      remaining_seconds: left,
      gaps: [...session.gaps, gap],
    };
  },

  resumed(session: Session, now: number): Session {
    const gaps = session.gaps.map((gap) => (gap.to_at === null ? { ...gap, to_at: iso(now) } : gap));
    return { ...session, status: "active", scheduled_end_at: iso(now + session.remaining_seconds * 1000), gaps };
  },

  ended(session: Session, who: string, now: number): Session {
    return { ...session, status: "ended", end_reason: "manual_stop", ended_by: who, ended_at: iso(now) };
  },

  moved(session: Session, to: Station, now: number): Session {
    const there = { ...session, station_id: to.id, station_name: to.name };
    if (to.driver === "manual") return { ...there, status: "active" };
    const end = session.scheduled_end_at ?? iso(now + session.remaining_seconds * 1000);
    return { ...there, status: "pending", scheduled_end_at: end, delivery: "sending", warning: null };
  },
};

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
