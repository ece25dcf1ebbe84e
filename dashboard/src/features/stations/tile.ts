import type { Session, Station } from "@/lib/api";
import type { Entry } from "@/lib/live";
import { figure, secondsUntil, UNKNOWN } from "@/lib/time";

export type Tone = "ok" | "soon" | "last";

export type TileState = "free" | "no-pc" | "waiting" | Tone | "time-up" | "paused" | "offline" | "maintenance";

/** What somebody at the desk should look at. */
export type Warning = "cantOpen" | "noAnswer" | "notOpen" | "openWithout";

/** Everything that a tile shows, as plain values and without words, so that an unchanged tile isn't drawn again. */
export interface TileView {
  name: string;
  kind: Station["kind"];
  state: TileState;
  /** The colour of the time. It also runs on while a PC is offline. */
  tone: Tone | null;
  digits: string | null;
  unit: "h" | null;
  /** Stands in the place of the time when no time runs. */
  word: "free" | "noPc" | "maintenance" | "timeUp" | Session["delivery"] | null;
  /** Somebody has the station: `player`, or a guest without a name. */
  occupied: boolean;
  player: string | null;
  /** The third row's end, with its number where it has one, or else `endsAt`. */
  note: "paused" | "offline" | "grace" | "neverSeen" | "unseen" | "granted" | null;
  noteCount: number;
  /** Why it is in maintenance, as somebody typed it; stands in the note's place. */
  remark: string | null;
  /** Epoch milliseconds. */
  endsAt: number | null;
  freeSince: number | null;
  /** Share of the granted time that is left, in steps that can be seen. */
  share: number | null;
  warning: Warning | null;
  /** Locked or open, where it isn't what one expects. */
  surprise: "open" | "locked" | null;
  /** What the PC says of itself. */
  lock: "open" | "locked" | null;
  /** A waiting line moves for 30 s and then rests. */
  rested: boolean;
  /** Time left in whole minutes, as seconds, for the name that is spoken. */
  spokenLeft: number | null;
}

const SOON_SECONDS = 600;
const LAST_SECONDS = 300;
const REST_AFTER_MS = 30_000;
/** As the server: a minute after the grace that most venues have. */
const OPEN_WITHOUT_AFTER_MS = 120_000;
/** A tile is 144 px wide: its line needs no finer steps than half a pixel. */
const SHARE_STEPS = 288;

/** Green above 10 minutes, orange from 10 down to 5, red below 5: the same steps as on the player's overlay. */
export function toneOf(seconds: number): Tone {
  if (seconds > SOON_SECONDS) return "ok";
  return seconds >= LAST_SECONDS ? "soon" : "last";
}

/** Seconds of grace left after a session ran out, or null when it isn't in its grace. */
export function graceLeft(session: Session, now: number): number | null {
  const ended = session.status === "ended";
  if (ended && session.end_reason !== "expired") return null;
  const end = ended ? session.ended_at : session.status === "active" ? session.scheduled_end_at : null;
  if (end === null || Date.parse(end) > now) return null;
  const left = secondsUntil(Date.parse(end) + session.grace_seconds * 1000, now);
  return left === 0 && ended ? null : left;
}

/**
 * What a tile shows of its station at the instant `now` (epoch milliseconds, server time). `live` says whether what is
 * known is still being kept up to date.
 */
export function deriveTile({ station, session }: Entry, now: number, live: boolean): TileView {
  const { name, kind } = station;
  const view: TileView = { ...blank, name, kind };
  if (station.service !== "available" || station.status === "maintenance") {
    return { ...view, state: "maintenance", word: "maintenance", remark: station.maintenance_note };
  }
  const grace = session && graceLeft(session, now);
  if (session && grace !== null) return timeUp(view, station, session, grace, live);
  if (!session || session.status === "ended") return withoutSession(view, station, now);
  view.occupied = true;
  view.player = session.user_name;
  if (session.status === "pending") return pending(view, session, now);
  if (session.status === "paused") return paused(view, session);
  return running(view, station, session, now);
}

const blank: TileView = {
  name: "",
  kind: "pc",
  state: "free",
  tone: null,
  digits: null,
  unit: null,
  word: null,
  occupied: false,
  player: null,
  note: null,
  noteCount: 0,
  remark: null,
  endsAt: null,
  freeSince: null,
  share: null,
  warning: null,
  surprise: null,
  lock: null,
  rested: false,
  spokenLeft: null,
};

function withoutSession(view: TileView, station: Station, now: number): TileView {
  if (station.driver === "agent" && !station.connected) {
    return { ...view, state: "no-pc", word: "noPc", ...unseen(station.last_seen, now) };
  }
  const open = station.locked === false && station.driver === "agent";
  const freeSince = station.free_since ? Date.parse(station.free_since) : null;
  return {
    ...view,
    word: "free",
    freeSince,
    surprise: open ? "open" : null,
    warning: open && now - (freeSince ?? 0) > OPEN_WITHOUT_AFTER_MS ? "openWithout" : null,
    lock: lockOf(station),
  };
}

function pending(view: TileView, session: Session, now: number): TileView {
  return {
    ...view,
    state: "waiting",
    word: session.delivery,
    warning: warningOf(session),
    note: "granted",
    noteCount: session.duration_minutes + session.extended_minutes,
    rested: now - Date.parse(session.started_at) > REST_AFTER_MS,
  };
}

function warningOf({ warning, delivery }: Session): Warning | null {
  if (warning === null) return null;
  if (warning === "open_failed") return "cantOpen";
  return delivery === "sending" ? "noAnswer" : "notOpen";
}

function paused(view: TileView, session: Session): TileView {
  const left = session.remaining_seconds;
  return {
    ...view,
    ...figure(left),
    state: "paused",
    note: "paused",
    share: shareOf(left, session),
    spokenLeft: wholeMinutes(left),
  };
}

function running(view: TileView, station: Station, session: Session, now: number): TileView {
  const offline = station.driver === "agent" && !station.connected;
  const endsAt = session.scheduled_end_at === null ? null : Date.parse(session.scheduled_end_at);
  const left = endsAt === null ? null : secondsUntil(endsAt, now);
  const tone = left === null ? null : toneOf(left);
  return {
    ...view,
    ...(left === null ? UNKNOWN : figure(left)),
    state: offline ? "offline" : (tone ?? "ok"),
    tone,
    note: offline ? "offline" : null,
    endsAt,
    share: left === null ? null : shareOf(left, session),
    // Until the PC has said that it is open, it is about to open.
    surprise: station.locked === true && !offline && session.delivery === "confirmed" ? "locked" : null,
    lock: lockOf(station),
    spokenLeft: left === null ? null : wholeMinutes(left),
  };
}

function timeUp(view: TileView, station: Station, session: Session, left: number, live: boolean): TileView {
  const up: TileView = { ...view, state: "time-up", occupied: true, player: session.user_name };
  if (station.driver === "manual") return { ...up, word: "timeUp" };
  // Cut off after the grace, nobody here knows what the PC did.
  const unknown = left === 0 && !live;
  const grace = session.grace_seconds;
  return {
    ...up,
    ...(unknown ? UNKNOWN : figure(left)),
    note: "grace",
    share: grace > 0 ? Math.round((left / grace) * SHARE_STEPS) / SHARE_STEPS : 0,
  };
}

function shareOf(seconds: number, session: Session): number {
  const granted = (session.duration_minutes + session.extended_minutes) * 60;
  if (granted <= 0) return 0;
  return Math.round(Math.min(1, seconds / granted) * SHARE_STEPS) / SHARE_STEPS;
}

function wholeMinutes(seconds: number): number {
  return seconds - (seconds % 60);
}

function lockOf(station: Station): TileView["lock"] {
  if (station.locked === null || station.driver === "manual") return null;
  return station.locked ? "locked" : "open";
}

/** How long ago, in steps as fine as they are said, so that the tile rests in between. */
function unseen(lastSeen: string | null, now: number): Pick<TileView, "note" | "noteCount"> {
  if (lastSeen === null) return { note: "neverSeen", noteCount: 0 };
  const seconds = secondsUntil(now, Date.parse(lastSeen));
  return { note: "unseen", noteCount: seconds < 60 ? seconds : wholeMinutes(seconds) };
}
