import { expect, it } from "vitest";
import type { Entry } from "@/lib/live";
import { after, aSession, aStation, NOW } from "../../../tests/floor";
import { endingNext } from "./ending";

const entry = (id: string, session: Entry["session"]): Entry => ({ station: aStation({ id }), session });

it("lists what ends within ten minutes, the soonest first, and when the next one ends", () => {
  const floor = [
    entry("late", aSession(1200)),
    entry("later", aSession(2400)),
    entry("soon", aSession(600)),
    entry("sooner", aSession(61)),
    entry("free", null),
  ];
  expect(endingNext(floor, NOW)).toEqual({ ids: "sooner soon", next: NOW + 1_200_000 });
});

it("has those in their grace before all others, and forgets them after it", () => {
  const ended = (ago: number) =>
    aSession(-ago, { status: "ended", end_reason: "expired", ended_at: after(-ago), scheduled_end_at: after(-ago) });
  expect(endingNext([entry("soon", aSession(10)), entry("up", ended(30))], NOW).ids).toBe("up soon");
  expect(endingNext([entry("up", ended(61))], NOW).ids).toBe("");
});

it("leaves out what no time runs for", () => {
  const floor = [
    entry("waiting", aSession(300, { status: "pending" })),
    entry("paused", aSession(300, { status: "paused", scheduled_end_at: null })),
    entry("stopped", aSession(300, { status: "ended", end_reason: "manual_stop", ended_at: after(-1) })),
  ];
  expect(endingNext(floor, NOW)).toEqual({ ids: "", next: null });
});
