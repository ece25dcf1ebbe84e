import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FloorEvent } from "@/lib/api";
import { diffOf } from "./diff";
import { isFiltered, isWanted, queryOf, readFilters } from "./filters";
import { english } from "../../../tests/words";
import { aboutType, eventTypes, typesOf } from "./types";
import { moreOf } from "./words";

const calendar = {
  today: "2026-11-20",
  instantsOf: ({ from, to }: { from: string; to: string }) => ({
    since: `${from}T06:00:00.000Z`,
    until: `${to}T23:00:00.000Z`,
  }),
};
const filters = (query: string) => readFilters((name) => new URLSearchParams(query).get(name));
const id = "0190f3a2-7c1e-7b44-9d02-6a1f5e0c8b11";

function event(changes: Partial<FloorEvent>): FloorEvent {
  return {
    id: 7,
    type: "SESSION_EXTENDED",
    at: "2026-11-20T18:00:00Z",
    actor: { kind: "staff", id: null, name: "mara" },
    station_id: id,
    session_id: null,
    request_id: null,
    data: {},
    ...changes,
  };
}

describe("the types of events", () => {
  it("are all those that the server has", () => {
    const page = readFileSync("../docs/reference/events.md", "utf8");
    const theirs = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, type]) => type);
    expect(theirs.length).toBeGreaterThan(40);
    expect([...eventTypes].sort()).toEqual(theirs.sort());
  });

  it("are narrowed by group, and to what to look at", () => {
    expect(typesOf("", false)).toBeNull();
    expect(typesOf("sessions", true)).toEqual(["SESSION_UNCONFIRMED"]);
    expect(typesOf("venue", true)).toEqual([]);
    expect(typesOf("", true)).toContain("ANOMALY_CLONED_PC");
  });

  it("of a newer server are shown, and an anomaly is to be looked at", () => {
    expect([aboutType("ANOMALY_NEW").look, aboutType("SOMETHING_NEW").look]).toEqual([true, undefined]);
  });
});

describe("the filters", () => {
  it("become the API's, and nothing is asked where no type could match", () => {
    expect(queryOf(filters(`what=system&station=${id}&who=${id}&session=${id}&days=all`), calendar)).toEqual({
      type: ["SYSTEM_ERROR", "SYSTEM_WARNING"],
      station_id: id,
      actor: id,
      session_id: id,
    });
    expect(queryOf(filters("what=venue&look=1"), calendar)).toBeNull();
    expect([isFiltered(filters("what=odd&station=1")), isFiltered(filters("look=1"))]).toEqual([false, true]);
  });

  it("look for words as the server does: in names, types and texts, in any case", () => {
    const query = queryOf(filters("q=%20%20Ozan%20"), calendar);
    if (query === null) throw new Error("There are such types.");
    expect(query.q).toBe("Ozan");
    expect(isFiltered(filters("q=Ozan"))).toBe(true);
    const holds = (text: string, changes: Partial<FloorEvent>, names: string[] = []) =>
      isWanted(event(changes), { q: text }, names);
    expect(holds("MARA", {})).toBe(true);
    expect(holds("session ext", {})).toBe(true);
    expect(holds("pc-07", {}, ["PC-07"])).toBe(true);
    expect(holds("oguzhan", {}, ["PC-07", "Oğuzhan"])).toBe(true);
    const data = { after: { notes: ["a broken headset"] }, report: { stack_trace: "secret", message: "disk full" } };
    expect(holds("Headset", { data })).toBe(true);
    expect(holds("disk", { data })).toBe(true);
    expect(["notes", "message", "secret"].some((text) => holds(text, { data }))).toBe(false);
  });

  it("hold for what comes in live", () => {
    const query = queryOf(filters(`what=sessions&station=${id}`), calendar);
    if (query === null) throw new Error("There are such types.");
    expect(isWanted(event({}), query)).toBe(true);
    expect(isWanted(event({ type: "AGENT_CONNECTED" }), query)).toBe(false);
    expect(isWanted(event({ station_id: null }), query)).toBe(false);
    expect(isWanted(event({ at: "2026-11-20T05:59:59Z" }), query)).toBe(false);
    expect(isWanted(event({ at: "2026-11-20T23:00:00Z" }), query)).toBe(false);
  });
});

describe("what changed", () => {
  it("is told apart from what stayed as it was", () => {
    const data = { before: { a: 1, b: { x: 1 }, c: null }, after: { a: 2, b: { x: 1 }, d: "new" } };
    expect(diffOf(data)).toEqual({
      changed: [
        { field: "a", before: 1, after: 2 },
        { field: "d", before: undefined, after: "new" },
      ],
      unchanged: [
        { field: "b", before: { x: 1 }, after: { x: 1 } },
        { field: "c", before: null, after: undefined },
      ],
    });
  });

  it("is nothing where the event holds no before and after", () => {
    expect([diffOf({}), diffOf({ after: 5 })]).toEqual([null, null]);
  });
});

describe("why it happened", () => {
  const said = { words: english("activity"), common: english("common"), signed: String };
  const more = (type: string, data: FloorEvent["data"]) => moreOf(event({ type, data }), said);

  it("is said by the code that the server gives, not in its English", () => {
    expect(more("AGENT_DISCONNECTED", { code: 4409, reason: "replaced by a newer connection" })).toBe(
      said.words("closes.4409"),
    );
    expect(more("SYSTEM_WARNING", { trouble: "writing" })).toBe(said.words("codes.writing"));
    expect(more("SESSION_REOPENED", { reason: "ended by mistake" })).toBe(said.common("reasons.endedByMistake"));
  });

  it("stays as it is where somebody typed it, or a newer server has a new code", () => {
    expect(more("SESSION_EXTENDED", { reason: "Late lunch" })).toBe("Late lunch");
    expect(more("AGENT_DISCONNECTED", { code: 4999, reason: "tomorrow's reason" })).toBe("tomorrow's reason");
  });
});
