// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Gap, Session } from "@/lib/api";
import { after, aSession } from "../../../../tests/floor";
import { aWorld, openLivePanel, press, type World } from "../../../../tests/panel";

let world: World;

function aGap(changes: Partial<Gap>): Gap {
  const [from_at, to_at] = [after(-60), after(0)];
  return {
    id: "gap",
    seq: 1,
    kind: "paused",
    from_at,
    to_at,
    reason: null,
    actor_id: null,
    actor_name: "Ben T.",
    ...changes,
  };
}

beforeEach(() => {
  world = aWorld();
});

it("says what couldn't be fetched, and fetches it when asked again", async () => {
  world.failing = /\/api\/v1\/sessions\?/;
  world.earlier = [aSession(1200, { status: "ended", end_reason: "expired", ended_at: after(-300) })];
  await openLivePanel(world, null, () => ({ status: 500 }));
  const failed = await screen.findByText(/^Who was here couldn’t be loaded\./);
  expect(failed).toBeTruthy();
  world.failing = null;
  await press("Try again");
  await screen.findByRole("list", { name: "Earlier on PC-01" });
});

describe("what was earlier on the station", () => {
  const ended = (minutesAgo: number, changes: Partial<Session> = {}) =>
    aSession(1200, { status: "ended", end_reason: "manual_stop", ended_at: after(-60 * minutesAgo), ...changes });

  it("says who was there and how it ended", async () => {
    world.earlier = [
      ended(5, { id: "a", user_name: "Selin K.", end_reason: "expired" }),
      ended(90, { id: "b", user_name: null, ended_by: "Ana R." }),
      ended(95, { id: "e", gaps: [aGap({ kind: "moving", from_at: after(-6000), to_at: after(-5940) })] }),
      ended(100, { id: "c", end_reason: "never_opened" }),
      aSession(900, { id: "d", station_id: "station-2", station_name: "PC-02" }),
    ];
    await openLivePanel(world, null, () => ({ status: 500 }));
    const list = await screen.findByRole("list", { name: "Earlier on PC-01" });
    expect(
      within(list)
        .getAllByRole("listitem")
        .map((line) => line.textContent),
    ).toEqual([
      "19:20–19:55Selin K.time up",
      "19:20–18:30Guestended by Ana R.",
      "18:21–18:25Marta K.ended by hand",
      "19:20–18:20Marta K.never opened",
      "19:15Marta K.moved to PC-02",
    ]);
    expect(screen.queryByRole("button", { name: /Take back/ })).toBeNull();
  });

  it("takes back the newest end, if it was by hand and under an hour ago", async () => {
    world.earlier = [ended(5)];
    const posts = await openLivePanel(world, null, () => ({ status: 200, body: aSession(1200, { version: 2 }) }));
    await press("Take back the end of Marta K.");
    await screen.findByRole("button", { name: "Pause" });
    expect(posts()).toMatchObject([{ path: "/api/v1/sessions/session-1/reopen", body: { expected_version: 1 } }]);
  });

  it.each([
    ["over an hour ago", ended(60)],
    ["by the deadline", ended(5, { end_reason: "expired" })],
    ["with no time left", ended(5, { scheduled_end_at: after(-300) })],
    ["before it had opened", ended(5, { delivery: "sending" })],
  ])("doesn't offer to take back an end %s", async (_, session) => {
    world.earlier = [session];
    await openLivePanel(world, null, () => ({ status: 500 }));
    await screen.findByRole("list", { name: "Earlier on PC-01" });
    await screen.findByRole("button", { name: /^Start/ });
    expect(screen.queryByRole("button", { name: /Take back/ })).toBeNull();
  });
});

it("lists what was given, where nobody played, and what is left of it", async () => {
  const grant = {
    id: "1",
    kind: "initial",
    seconds: 3600,
    reason: null,
    actor_name: "Ana R.",
    granted_at: after(-3198),
  };
  world.grants = [
    grant,
    { ...grant, id: "2", kind: "correction", seconds: -300, reason: "Late lunch", granted_at: after(-60) },
  ];
  const gaps = [
    aGap({ id: "g1", from_at: after(-1800), to_at: after(-1500) }),
    aGap({ id: "g2", kind: "closed", from_at: after(-40), to_at: after(-40), reason: "ended by mistake" }),
    aGap({ id: "g3", kind: "moving", from_at: after(-30), to_at: null }),
  ];
  await openLivePanel(world, aSession(402, { gaps }), () => ({ status: 500 }));
  const ledger = await screen.findByRole("region", { name: "Time ledger" });
  expect((await within(ledger).findAllByRole("row")).map((row) => row.textContent)).toEqual([
    "19:06StartedAna R.+60:00",
    "19:30PausedBen T.05:00not used",
    "19:59CorrectedLate lunchAna R.−05:00",
    "19:59MovedBen T.ongoingnot used",
    "Left of 55:0006:42",
  ]);
});

it("has nothing left to show in the grace, which nobody was given", async () => {
  world.earlier = [aSession(-18, { status: "ended", end_reason: "expired", ended_at: after(-18) })];
  await openLivePanel(world, world.earlier[0] ?? null, () => ({ status: 500 }));
  const ledger = await screen.findByRole("region", { name: "Time ledger" });
  expect((await within(ledger).findAllByRole("row")).at(-1)?.textContent).toMatch(/00:00$/);
  await screen.findByText("Nobody has played here before.");
});

it.each([
  ["a paused session", aSession(0, { status: "paused", scheduled_end_at: null, remaining_seconds: 402 })],
  ["one that waits and was warned of", aSession(3600, { status: "pending", warning: "open_failed" })],
  ["one in its grace", aSession(-18, { status: "ended", end_reason: "expired", ended_at: after(-18) })],
])("a viewer sees %s and nothing to press", async (_, session) => {
  world.role = "viewer";
  world.earlier = [aSession(1200, { id: "x", status: "ended", end_reason: "manual_stop", ended_at: after(-300) })];
  await openLivePanel(world, session, () => ({ status: 500 }));
  await screen.findByRole("list", { name: "Earlier on PC-01" });
  expect(screen.queryAllByRole("button")).toEqual([]);
});
