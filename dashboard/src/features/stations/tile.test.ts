import { describe, expect, it } from "vitest";
import type { Session, Station } from "@/lib/api";
import { after, aSession, aStation, NOW } from "../../../tests/floor";
import { timeWords } from "@/lib/time";
import { english } from "../../../tests/words";
import { deriveTile, graceLeft, toneOf, type TileView } from "./tile";
import { tileWords } from "./tile-words";

const tile = (session: Session | null, station: Partial<Station> = {}, live = true) =>
  inWords(deriveTile({ station: aStation(station), session }, NOW, live));
const said = tileWords(english("stations"), "Guest", timeWords(english("time")));
const inWords = (view: TileView) => ({
  ...view,
  word: said.word(view),
  player: said.player(view),
  note: said.note(view),
  warning: said.warning(view),
  spoken: said.spoken(view),
});

const expired = (endedSecondsAgo: number, changes: Partial<Session> = {}) =>
  aSession(-endedSecondsAgo, { status: "ended", end_reason: "expired", ended_at: after(-endedSecondsAgo), ...changes });

describe("a station without a session", () => {
  it("is free, and says in its name whether it is locked", () => {
    expect(tile(null)).toMatchObject({ state: "free", word: "Free", surprise: null, spoken: "PC-01, free, locked" });
  });

  it("surprises when it is open, and is to be looked at when it stays so", () => {
    const justFree = { locked: false, free_since: after(-60) };
    expect(tile(null, justFree)).toMatchObject({ surprise: "open", warning: null, spoken: "PC-01, free, open" });
    expect(tile(null, { locked: false })).toMatchObject({
      warning: "Open, no session",
      spoken: "PC-01, free, Open, no session",
    });
  });

  it("has no PC when its agent is away, and says for how long", () => {
    expect(tile(null, { connected: false, last_seen: after(-7200) })).toMatchObject({
      state: "no-pc",
      word: "No PC",
      note: "not seen for 2 h",
    });
    expect(tile(null, { connected: false, last_seen: null }).note).toBe("never seen");
  });

  it("is free by hand without any PC, and neither locked nor open", () => {
    expect(tile(null, { driver: "manual", connected: false, locked: null, kind: "console" })).toMatchObject({
      state: "free",
      spoken: "PC-01, free",
    });
  });

  it("in maintenance shows that above all", () => {
    expect(tile(null, { service: "maintenance", connected: false })).toMatchObject({
      state: "maintenance",
      spoken: "PC-01, maintenance",
    });
    expect(tile(null, { service: "maintenance", maintenance_note: "Fan noise" })).toMatchObject({
      note: "Fan noise",
      spoken: "PC-01, maintenance, Fan noise",
    });
  });
});

describe("a running session", () => {
  it.each([
    [601, "ok"],
    [600, "soon"],
    [300, "soon"],
    [299, "last"],
    [1, "last"],
  ])("with %i s left is %s, as on the player's overlay", (left, state) => {
    expect(toneOf(left)).toBe(state);
    expect(tile(aSession(left), { locked: false })).toMatchObject({ state, tone: state });
  });

  it("shows time, player and end", () => {
    expect(tile(aSession(402, { user_name: "Oğuzhan T." }), { locked: false })).toMatchObject({
      digits: "06:42",
      unit: null,
      player: "Oğuzhan T.",
      endsAt: NOW + 402_000,
      spoken: "PC-01, in session, Oğuzhan T., 6 minutes left, open",
    });
  });

  it("of an hour and more has no seconds", () => {
    expect(tile(aSession(5075, { duration_minutes: 90 }))).toMatchObject({ digits: "1:24", unit: "h" });
  });

  it("calls a player without a name a guest", () => {
    expect(tile(aSession(600, { user_name: null })).player).toBe("Guest");
  });

  it("shows what share of the granted time is left, additions counted", () => {
    expect(tile(aSession(1800)).share).toBe(0.5);
    expect(tile(aSession(1800, { extended_minutes: 60 })).share).toBe(0.25);
  });

  it("goes on in its colour while its PC is offline", () => {
    expect(tile(aSession(400), { connected: false })).toMatchObject({
      state: "offline",
      tone: "soon",
      digits: "06:40",
      note: "Offline",
      spoken: "PC-01, in session, Marta K., 6 minutes left, offline",
    });
  });

  it("by hand is never offline", () => {
    expect(tile(aSession(700), { driver: "manual", connected: false, locked: null }).state).toBe("ok");
  });

  it("surprises when its PC is locked", () => {
    expect(tile(aSession(700), { locked: true }).surprise).toBe("locked");
    expect(tile(aSession(700, { delivery: "delivered" }), { locked: true }).surprise).toBeNull();
  });

  it("without a known end shows no guess", () => {
    expect(tile(aSession(700, { scheduled_end_at: null })).digits).toBe("--:--");
  });

  it("changes nothing in its name from second to second", () => {
    const a = deriveTile({ station: aStation(), session: aSession(419) }, NOW, true);
    const b = deriveTile({ station: aStation(), session: aSession(419) }, NOW + 1000, true);
    expect(a.digits).not.toBe(b.digits);
    expect(said.spoken(a)).toBe(said.spoken(b));
  });
});

describe("a session that waits for its PC", () => {
  it.each([
    ["sending", "Sending"],
    ["delivered", "PC has it"],
    ["waiting_for_logon", "Waiting for logon"],
    ["confirmed", "Open"],
  ] as const)("says of delivery %s: %s", (delivery, word) => {
    const view = tile(aSession(3600, { status: "pending", delivery }));
    expect(view).toMatchObject({ state: "waiting", word, digits: null, note: "60 min", warning: null });
  });

  it.each([
    ["unconfirmed", "sending", "Sending", "PC doesn’t answer"],
    ["unconfirmed", "delivered", "PC has it", "Not open yet"],
    ["unconfirmed", "waiting_for_logon", "Waiting for logon", "Not open yet"],
    ["open_failed", "delivered", "PC has it", "PC can’t open"],
  ] as const)("warned of as %s, %s says: %s, %s", (warning, delivery, word, words) => {
    const view = tile(aSession(3600, { status: "pending", delivery, warning }));
    expect(view).toMatchObject({ state: "waiting", word, warning: words });
    expect(view.spoken).toBe(`PC-01, waiting for the PC, Marta K., ${word}, ${words}`);
  });

  it("stops moving after half a minute", () => {
    expect(tile(aSession(3600, { status: "pending", started_at: after(-30) })).rested).toBe(false);
    expect(tile(aSession(3600, { status: "pending", started_at: after(-31) })).rested).toBe(true);
  });
});

describe("time up", () => {
  it("counts the seconds of the grace", () => {
    expect(tile(expired(18))).toMatchObject({
      state: "time-up",
      digits: "00:42",
      note: "of grace",
      player: "Marta K.",
    });
  });

  it("comes with the deadline, before the server's word of it", () => {
    expect(tile(aSession(0))).toMatchObject({ state: "time-up", digits: "01:00" });
  });

  it("goes when the grace is over", () => {
    expect(tile(expired(59)).state).toBe("time-up");
    expect(tile(expired(60)).state).toBe("free");
  });

  it("uses the grace that this session's PC has", () => {
    expect(graceLeft(expired(18, { grace_seconds: 20 }), NOW)).toBe(2);
  });

  it("isn't shown for a session that staff ended", () => {
    expect(tile(expired(5, { end_reason: "manual_stop" })).state).toBe("free");
  });

  it("shows no guess when the line is down and the grace is over", () => {
    expect(tile(aSession(-90), {}, false)).toMatchObject({ state: "time-up", digits: "--:--" });
    expect(tile(aSession(-90), {}, true)).toMatchObject({ state: "time-up", digits: "00:00" });
  });

  it("counts no grace at a station that is closed by hand", () => {
    expect(tile(expired(5), { driver: "manual", locked: null })).toMatchObject({
      word: "Time up",
      digits: null,
      note: null,
    });
  });
});

it("a paused session's time stands still", () => {
  expect(tile(aSession(0, { status: "paused", scheduled_end_at: null, remaining_seconds: 2850 }))).toMatchObject({
    state: "paused",
    digits: "47:30",
    note: "Paused",
  });
});
