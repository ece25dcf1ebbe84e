import { expect, it } from "vitest";
import type { Entry } from "@/lib/live";
import { after, aSession, aStation, NOW } from "../../../tests/floor";
import { NO_FILTER } from "./filter";
import { listOrder, type Sort } from "./list-order";

const entry = (id: string, session: Entry["session"] = null, changes = {}): Entry => ({
  station: aStation({ id, name: id, session, ...changes }),
  session,
});

const floor = [
  entry("a-free"),
  entry("b-late", aSession(3000)),
  entry("c-early", aSession(200)),
  entry("d-paused", aSession(0, { status: "paused", scheduled_end_at: null, remaining_seconds: 60 })),
  entry("e-up", aSession(-5, { status: "ended", end_reason: "expired", ended_at: after(-5) })),
];
const order = (by: Sort["by"], descending = false, sought = {}) =>
  listOrder(floor, NOW, { ...NO_FILTER, ...sought }, { by, descending }, "Guest");

it("sorts by time left, and what has no running time stands behind, whichever way round", () => {
  expect(order("time")).toBe("e-up c-early b-late a-free d-paused");
  expect(order("time", true)).toBe("b-late c-early e-up d-paused a-free");
});

it("sorts by name and by how urgent the status is", () => {
  expect(order("name", true)).toBe("e-up d-paused c-early b-late a-free");
  expect(order("status")).toBe("e-up c-early b-late d-paused a-free");
});

it("leaves out what isn't looked for", () => {
  expect(order("time", false, { text: "late" })).toBe("b-late");
  expect(order("time", false, { group: "free" })).toBe("a-free");
});
