import { describe, expect, it } from "vitest";
import { aStation } from "../../../tests/floor";
import { commandsFor, isOnlyHere, nextToConnect, progressOf } from "./enrolment";
import type { LogEvent } from "./queries";

function event(type: string, second: number, more: Partial<LogEvent> = {}): LogEvent {
  return {
    id: second,
    type,
    at: `2026-11-22T20:00:${String(second).padStart(2, "0")}Z`,
    actor: { kind: "agent", id: null, name: "PC-01" },
    station_id: "station-1",
    session_id: null,
    request_id: null,
    data: {},
    ...more,
  };
}

describe("progressOf", () => {
  const away = aStation({ connected: false });

  it("waits, and says from where a wrong code came", () => {
    expect(progressOf(away, [])).toEqual({ step: "waiting", refusedFrom: null });
    const refused = event("AGENT_ENROLMENT_REFUSED", 5, { station_id: null, data: { address: "192.168.1.7" } });
    expect(progressOf(away, [refused])).toEqual({ step: "waiting", refusedFrom: "192.168.1.7" });
  });

  it("knows an enrolled PC whose agent isn't there yet", () => {
    expect(progressOf(away, [event("AGENT_ENROLLED", 10)])).toMatchObject({ step: "enrolled" });
  });

  it("doesn't take the agent of before for the new one", () => {
    const events = [event("AGENT_ENROLLED", 10), event("AGENT_CONNECTED", 4)];
    expect(progressOf(aStation(), events)).toMatchObject({ step: "enrolled" });
  });

  it("is done when the agent connects after that", () => {
    const events = [event("AGENT_CONNECTED", 14), event("AGENT_ENROLLED", 10)];
    expect(progressOf(aStation(), events)).toEqual({ step: "connected", afterSeconds: 4 });
  });

  it("hears nothing of other stations", () => {
    expect(progressOf(away, [event("AGENT_ENROLLED", 9, { station_id: "station-2" })]).step).toBe("waiting");
  });
});

it("writes the command with the server's address and the code", () => {
  expect(commandsFor("windows", "https://desk.meridian.lan", "K7QF-2M9D")).toEqual([
    "python main.py enrol --server https://desk.meridian.lan --code K7QF-2M9D",
    "python main.py",
  ]);
});

it.each([
  ["http://localhost:8000", true],
  ["http://127.0.0.1:8000", true],
  ["http://192.168.1.10:8000", false],
  ["nonsense", false],
])("knows whether %s can be reached from elsewhere", (origin, only) => {
  expect(isOnlyHere(origin)).toBe(only);
});

it("goes on with the next station that was never connected", () => {
  const [a, b, c] = ["a", "b", "c"].map((id) => aStation({ id, last_seen: null }));
  if (!a || !b || !c) throw new Error("no stations");
  expect(nextToConnect([a, b, c], "b")?.id).toBe("c");
  expect(nextToConnect([a, b, c], "c")?.id).toBe("a");
  expect(nextToConnect([a], "a")).toBeNull();
});
