import { beforeEach, describe, expect, it } from "vitest";
import type { Session, Station } from "@/lib/api";
import { after, aSession, aStation } from "../../../tests/floor";
import { FloorStore } from "./floor";
import type { Delta } from "./messages";

let floor: FloorStore;

function snapshot(stations: Station[], sessions: Session[] = []): void {
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions } });
}

function delta(data: Omit<Delta["data"], "cursor">): void {
  floor.apply({ type: "delta", data: { cursor: 2, ...data } });
}

function session(id = "station-1"): Session | null | undefined {
  return floor.entry(id).get()?.session;
}

beforeEach(() => {
  floor = new FloorStore();
});

describe("a snapshot", () => {
  it("is the whole floor, in the order of the names as people count", () => {
    snapshot([aStation({ id: "b", name: "PC-10" }), aStation({ id: "a", name: "PC-9" })]);
    expect(floor.ids.get()).toEqual(["a", "b"]);
  });

  it("knows no floor before the first one, and an empty one after it", () => {
    expect(floor.ids.get()).toBeNull();
    snapshot([]);
    expect(floor.ids.get()).toEqual([]);
  });

  it("replaces everything, so that a reconnect shows the truth", () => {
    const running = aSession(600);
    snapshot([aStation({ session: running }), aStation({ id: "gone", name: "PC-02" })], [running]);
    snapshot([aStation()]);
    expect(session()).toBeNull();
    expect(floor.ids.get()).toEqual(["station-1"]);
    expect(floor.entry("gone").get()).toBeNull();
  });

  it("keeps a session in its grace although its station has none any more", () => {
    const ended = aSession(-5, { status: "ended", end_reason: "expired", ended_at: after(-5) });
    snapshot([aStation()], [ended]);
    expect(session()).toEqual(ended);
  });
});

describe("a delta", () => {
  it("touches only the stations that it names", () => {
    snapshot([aStation(), aStation({ id: "other", name: "PC-02" })]);
    const other = floor.entry("other").get();
    delta({ stations: [aStation({ locked: false })] });
    expect(floor.entry("station-1").get()?.station.locked).toBe(false);
    expect(floor.entry("other").get()).toBe(other);
  });

  it("adds a new station at its place", () => {
    snapshot([aStation({ id: "c", name: "PC-03" })]);
    delta({ stations: [aStation({ id: "a", name: "PC-01" })] });
    expect(floor.ids.get()).toEqual(["a", "c"]);
  });

  it("takes away a station that is no longer in use", () => {
    snapshot([aStation(), aStation({ id: "b", name: "PC-02" })]);
    delta({ removed_stations: ["station-1"] });
    expect(floor.ids.get()).toEqual(["b"]);
    expect(floor.entry("station-1").get()).toBeNull();
  });

  it("starts, extends and ends a session", () => {
    snapshot([aStation()]);
    delta({ stations: [aStation({ session: aSession(600) })], sessions: [aSession(600)] });
    expect(session()?.version).toBe(1);
    const longer = aSession(1500, { version: 2, extended_minutes: 15 });
    delta({ stations: [aStation({ session: longer })], sessions: [longer] });
    expect(session()?.scheduled_end_at).toBe(after(1500));
    const ended = aSession(1500, { version: 3, status: "ended", end_reason: "manual_stop", ended_at: after(0) });
    delta({ stations: [aStation()], sessions: [ended] });
    expect(session()?.status).toBe("ended");
  });

  it("forgets a session that its station no longer has", () => {
    snapshot([aStation({ session: aSession(600) })], [aSession(600)]);
    delta({ stations: [aStation({ session: null })] });
    expect(session()).toBeNull();
  });

  it("never puts an older version over a newer one", () => {
    snapshot([aStation({ session: aSession(600, { version: 3 }) })]);
    delta({ stations: [aStation({ session: aSession(300, { version: 2 }) })] });
    expect(session()?.scheduled_end_at).toBe(after(600));
  });

  it("doesn't hide a new session behind the end of the one before", () => {
    const next = aSession(3600, { id: "session-2" });
    snapshot([aStation({ session: next })], [next]);
    delta({ sessions: [aSession(0, { status: "ended", version: 9, ended_at: after(0) })] });
    expect(session()?.id).toBe("session-2");
  });

  it("leaves the list of ids alone when no station comes or goes", () => {
    snapshot([aStation()]);
    const before = floor.ids.get();
    delta({ stations: [aStation({ locked: false })] });
    expect(floor.ids.get()).toBe(before);
  });
});

describe("an action's answer", () => {
  it("shows at once, and isn't undone by an older delta of the same session", () => {
    snapshot([aStation({ session: aSession(600) })]);
    floor.applySession(aSession(1500, { version: 2 }));
    expect(session()?.version).toBe(2);
    delta({ stations: [aStation({ session: aSession(600), locked: false })] });
    expect(session()?.version).toBe(2);
  });

  it("for a station that isn't known changes nothing", () => {
    snapshot([aStation()]);
    floor.applySession(aSession(600, { station_id: "elsewhere" }));
    expect(floor.all()).toHaveLength(1);
  });
});

describe("watching", () => {
  it("tells the tile that changed and no other", () => {
    snapshot([aStation(), aStation({ id: "other", name: "PC-02" })]);
    const told: string[] = [];
    floor.entry("station-1").subscribe(() => told.push("station-1"));
    floor.entry("other").subscribe(() => told.push("other"));
    delta({ stations: [aStation({ connected: false })] });
    expect(told).toEqual(["station-1"]);
  });
});

describe("a session that is moved", () => {
  const there = aSession(600, { version: 2, status: "pending", station_id: "station-2", station_name: "PC-02" });

  beforeEach(() => snapshot([aStation({ session: aSession(600) }), aStation({ id: "station-2", name: "PC-02" })]));

  it("leaves its station with the answer, ahead of the delta", () => {
    floor.applySession(there);
    expect(session("station-1")).toBeNull();
    expect(session("station-2")).toEqual(there);
  });

  it("isn't taken back by older news", () => {
    floor.applySession(there);
    delta({ stations: [aStation({ session: aSession(600) })], sessions: [aSession(600)] });
    expect(session("station-1")).toBeNull();
    expect(session("station-2")).toEqual(there);
  });

  it("comes back when it is moved back", () => {
    floor.applySession(there);
    floor.applySession(aSession(600, { version: 3 }));
    expect(session("station-1")?.version).toBe(3);
    expect(session("station-2")).toBeNull();
  });
});
