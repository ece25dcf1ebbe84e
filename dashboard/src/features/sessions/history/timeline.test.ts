import { describe, expect, it } from "vitest";
import type { FloorEvent, Gap, Session } from "@/lib/api";
import { isFiltered, queryOf, readFilters } from "./filters";
import { offlineOf, seatsOf, spansOf, sumsOf } from "./timeline";

const T0 = Date.parse("2026-11-20T18:00:00Z");
const at = (minutes: number): string => new Date(T0 + minutes * 60_000).toISOString();
const minutesOf = (instant: number): number => (instant - T0) / 60_000;

function session(changes: Partial<Session>): Session {
  return {
    started_at: at(1),
    confirmed_at: at(1),
    scheduled_end_at: at(61),
    ended_at: null,
    end_reason: null,
    grace_seconds: 60,
    gaps: [],
    status: "active",
    ...changes,
  } as Session;
}

function gap(kind: Gap["kind"], from: number, to: number | null): Gap {
  return { id: `${kind}-${from}`, kind, from_at: at(from), to_at: to === null ? null : at(to) } as Gap;
}

function event(id: number, type: string, minutes: number, station = "s1", data: FloorEvent["data"] = {}): FloorEvent {
  return { id, type, at: at(minutes), station_id: station, data } as FloorEvent;
}

const shown = (...given: Parameters<typeof spansOf>) =>
  spansOf(...given).map(({ kind, from, to }) => [kind, minutesOf(from), minutesOf(to)]);

describe("a session's timeline", () => {
  it("goes from the start that was asked for over waiting, play and gaps to the end and its grace, without holes", () => {
    const one = session({
      gaps: [gap("moving", 30, 31), gap("paused", 10, 15)],
      ended_at: at(67),
      scheduled_end_at: at(67),
      end_reason: "expired",
      status: "ended",
    });
    expect(shown(one, T0, 0)).toEqual([
      ["waiting", 0, 1],
      ["playing", 1, 10],
      ["paused", 10, 15],
      ["playing", 15, 30],
      ["moving", 30, 31],
      ["playing", 31, 67],
      ["grace", 67, 68],
    ]);
    expect([...sumsOf(spansOf(one, T0, 0))]).toEqual([
      ["waiting", 60],
      ["playing", 60 * 60],
      ["paused", 300],
      ["moving", 60],
      ["grace", 60],
    ]);
  });

  it("shows what is left while it lasts, and only the pause once it is paused", () => {
    expect(shown(session({}), null, T0 + 20 * 60_000)).toEqual([
      ["playing", 1, 20],
      ["left", 20, 61],
    ]);
    const paused = session({ status: "paused", scheduled_end_at: null, gaps: [gap("paused", 10, null)] });
    expect(shown(paused, null, T0 + 20 * 60_000)).toEqual([
      ["playing", 1, 10],
      ["paused", 10, 20],
    ]);
  });

  it("has nothing but waiting where the PC never opened", () => {
    const never = session({ confirmed_at: null, ended_at: at(11), end_reason: "never_opened", status: "ended" });
    expect(shown(never, T0, 0)).toEqual([["waiting", 0, 11]]);
  });

  it("knows where the session was, and when a PC was away there", () => {
    const story = [event(1, "SESSION_CREATED", 0), event(4, "SESSION_MOVED", 30, "s2"), event(5, "SESSION_PAUSED", 40)];
    const ended = session({ ended_at: at(60) });
    expect(
      seatsOf(story, ended).map(({ stationId, from, to }) => [stationId, minutesOf(from), to && minutesOf(to)]),
    ).toEqual([
      ["s1", 0, 30],
      ["s2", 30, 60],
    ]);
    const lines = [
      event(1, "AGENT_CONNECTED", 2),
      event(2, "AGENT_DISCONNECTED", 5, "s1", { replaced: true }),
      event(3, "AGENT_DISCONNECTED", 10),
      event(4, "AGENT_CONNECTED", 12),
      event(5, "AGENT_DISCONNECTED", 20),
    ];
    const away = offlineOf(lines, T0, T0 + 30 * 60_000).map(({ from, to }) => [minutesOf(from), minutesOf(to)]);
    expect(away).toEqual([
      [0, 2],
      [10, 12],
      [20, 30],
    ]);
  });
});

describe("the filters in the address", () => {
  const calendar = {
    today: "2026-11-20",
    instantsOf: ({ from, to }: { from: string; to: string }) => ({ since: `${from}T`, until: `${to}T` }),
  };
  const filters = (query: string) => readFilters((name) => new URLSearchParams(query).get(name));
  const id = "0190f3a2-7c1e-7b44-9d02-6a1f5e0c8b11";

  it("become the API's", () => {
    const all = filters(`q=%20Lina&status=ended&end=expired&station=${id}&zone=${id}&days=yesterday`);
    expect(queryOf(all, calendar)).toEqual({
      user_name: "Lina",
      status: "ended",
      end_reason: "expired",
      station_id: id,
      zone_id: id,
      since: "2026-11-19T",
      until: "2026-11-19T",
    });
    expect(queryOf(filters("days=all"), calendar)).toEqual({});
  });

  it("are the usual ones where they can't be read", () => {
    const odd = filters("status=odd&station=1&days=never&end=x");
    expect(queryOf(odd, calendar)).toEqual({ since: "2026-11-14T", until: "2026-11-20T" });
    expect([isFiltered(odd), isFiltered(filters("q=a"))]).toEqual([false, true]);
  });
});
