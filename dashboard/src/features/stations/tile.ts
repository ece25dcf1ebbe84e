import type { Session, Station } from "@/lib/api";
import type { Entry } from "@/lib/live";
import { agoText, figure, secondsUntil, spokenTime, UNKNOWN } from "@/lib/time";

export type Tone = "ok" | "soon" | "last";

export type TileState = "free" | "no-pc" | "waiting" | Tone | "time-up" | "paused" | "offline" | "maintenance";

/** Everything that a tile shows, as plain values, so that an unchanged tile isn't drawn again. */
export interface TileView {
  name: string;
  kind: Station["kind"];
  state: TileState;
  /** The colour of the time. It also runs on while a PC is offline. */
  tone: Tone | null;
  digits: string | null;
  unit: "h" | null;
  /** Stands in the place of the time when no time runs. */
  word: string | null;
  player: string | null;
  /** The third row's end: a word, or else `endsAt`. */
  note: string | null;
  /** Epoch milliseconds. */
  endsAt: number | null;
  freeSince: number | null;
  /** Share of the granted time that is left, in steps that can be seen. */
  share: number | null;
  /** What the desk should look at, in the two or three words that fit on a tile. */
  warning: string | null;
  /** Locked or open, where it isn't what one expects. */
  surprise: "open" | "locked" | null;
  /** A waiting line moves for 30 s and then rests. */
  rested: boolean;
  /** The accessible name; without seconds. */
  spoken: string;
}

const SOON_SECONDS = 600;
const LAST_SECONDS = 300;
const REST_AFTER_MS = 30_000;
/** A tile is 144 px wide: its line needs no finer steps than half a pixel. */
const SHARE_STEPS = 288;

/** Green above 10 minutes, orange from 10 down to 5, red below 5: the same steps as on the player's overlay. */
export function toneOf(seconds: number): Tone {
  if (seconds > SOON_SECONDS) return "ok";
  return seconds >= LAST_SECONDS ? "soon" : "last";
}

export function playerName(session: Session): string {
  return session.user_name ?? "Guest";
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
    return { ...view, state: "maintenance", word: "Maintenance", spoken: `${name}, maintenance` };
  }
  const grace = session && graceLeft(session, now);
  if (session && grace !== null) return timeUp(view, station, session, grace, live);
  if (!session || session.status === "ended") return withoutSession(view, station, now);

  view.player = playerName(session);
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
  player: null,
  note: null,
  endsAt: null,
  freeSince: null,
  share: null,
  warning: null,
  surprise: null,
  rested: false,
  spoken: "",
};

function withoutSession(view: TileView, station: Station, now: number): TileView {
  const { name } = station;
  if (station.driver === "agent" && !station.connected) {
    const note = unseen(station.last_seen, now);
    return { ...view, state: "no-pc", word: "No PC", note, spoken: `${name}, no PC connected, ${note}` };
  }
  const open = station.locked === false && station.driver === "agent";
  return {
    ...view,
    word: "Free",
    freeSince: station.free_since ? Date.parse(station.free_since) : null,
    surprise: open ? "open" : null,
    spoken: `${name}, free${lockText(station)}`,
  };
}

function pending(view: TileView, session: Session, now: number): TileView {
  const [word, warning] = [deliveryWord(session), warningWord(session)];
  const spokenWarning = warning === null ? "" : `, ${warning}`;
  return {
    ...view,
    state: "waiting",
    word,
    warning,
    note: `${session.duration_minutes + session.extended_minutes} min`,
    rested: now - Date.parse(session.started_at) > REST_AFTER_MS,
    spoken: `${view.name}, waiting for the PC, ${playerName(session)}, ${word}${spokenWarning}`,
  };
}

/** How far the PC is with a session. */
export function deliveryWord({ delivery }: Session): string {
  return deliveryWords[delivery];
}

const deliveryWords: Record<Session["delivery"], string> = {
  sending: "Sending",
  delivered: "PC has it",
  waiting_for_logon: "Waiting for logon",
  confirmed: "Open",
};

function warningWord({ warning, delivery }: Session): string | null {
  if (warning === null) return null;
  if (warning === "open_failed") return "PC can’t open";
  return delivery === "sending" ? "PC doesn’t answer" : "Not open yet";
}

function paused(view: TileView, session: Session): TileView {
  const left = session.remaining_seconds;
  return {
    ...view,
    ...figure(left),
    state: "paused",
    note: "Paused",
    share: shareOf(left, session),
    spoken: `${view.name}, paused, ${playerName(session)}, ${spokenTime(left)} left`,
  };
}

function running(view: TileView, station: Station, session: Session, now: number): TileView {
  const offline = station.driver === "agent" && !station.connected;
  const endsAt = session.scheduled_end_at === null ? null : Date.parse(session.scheduled_end_at);
  const left = endsAt === null ? null : secondsUntil(endsAt, now);
  const tone = left === null ? null : toneOf(left);
  const spokenLeft = left === null ? "" : `, ${spokenTime(left)} left`;
  return {
    ...view,
    ...(left === null ? UNKNOWN : figure(left)),
    state: offline ? "offline" : (tone ?? "ok"),
    tone,
    note: offline ? "Offline" : null,
    endsAt,
    share: left === null ? null : shareOf(left, session),
    // Until the PC has said that it is open, it is about to open.
    surprise: station.locked === true && !offline && session.delivery === "confirmed" ? "locked" : null,
    spoken: `${view.name}, in session, ${playerName(session)}${spokenLeft}${offline ? ", offline" : lockText(station)}`,
  };
}

function timeUp(view: TileView, station: Station, session: Session, left: number, live: boolean): TileView {
  const player = playerName(session);
  const spoken = `${view.name}, time is up, ${player}`;
  if (station.driver === "manual") return { ...view, state: "time-up", word: "Time up", player, spoken };
  // Cut off after the grace, nobody here knows what the PC did.
  const unknown = left === 0 && !live;
  const grace = session.grace_seconds;
  return {
    ...view,
    ...(unknown ? UNKNOWN : figure(left)),
    state: "time-up",
    player,
    note: "of grace",
    share: grace > 0 ? Math.round((left / grace) * SHARE_STEPS) / SHARE_STEPS : 0,
    spoken: `${spoken}, in its grace`,
  };
}

function shareOf(seconds: number, session: Session): number {
  const granted = (session.duration_minutes + session.extended_minutes) * 60;
  if (granted <= 0) return 0;
  return Math.round(Math.min(1, seconds / granted) * SHARE_STEPS) / SHARE_STEPS;
}

function lockText(station: Station): string {
  if (station.locked === null || station.driver === "manual") return "";
  return station.locked ? ", locked" : ", open";
}

function unseen(lastSeen: string | null, now: number): string {
  if (lastSeen === null) return "never seen";
  return `not seen for ${agoText(secondsUntil(now, Date.parse(lastSeen)))}`;
}
