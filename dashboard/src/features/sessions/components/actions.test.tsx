// @vitest-environment jsdom
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session, Station } from "@/lib/api";
import { floor } from "@/lib/live";
import { choosing } from "@/features/stations";
import type { Answer, Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { after, aSession, aStation } from "../../../../tests/floor";
import { isBusy } from "../acting";
import { aWorld, openLivePanel, press, type World } from "../../../../tests/panel";

let world: World;

afterEach(() => eventually(() => expect(isBusy("station-1")).toBe(false)));
const openPanel = (session: Session | null, act: (request: Received) => Answer, others: Station[] = []) =>
  openLivePanel(world, session, act, others);

beforeEach(() => {
  world = aWorld();
});

const STANDING = "Paused at 19:59 by Emre. The time stands still and goes on by itself at 20:29.";

const paused = aSession(0, {
  version: 2,
  status: "paused",
  scheduled_end_at: null,
  remaining_seconds: 402,
  gaps: [
    {
      id: "gap-1",
      seq: 1,
      kind: "paused",
      from_at: after(-60),
      to_at: null,
      reason: null,
      actor_id: null,
      actor_name: "Emre",
    },
  ],
});

describe("pausing", () => {
  it("stops the time of the session that the desk saw, and resumes it", async () => {
    let answer = paused;
    const posts = await openPanel(aSession(402), () => ({ status: 200, body: answer }));
    await press("Pause");
    await screen.findByRole("button", { name: "Resume" });
    expect(screen.getByText(/The time stands still/).closest("[role=note]")?.textContent).toBe(STANDING);
    expect(screen.getByRole("button", { name: "+15 21:42 left" })).toBeTruthy();
    answer = aSession(402, { version: 3 });
    await press("Resume");
    await screen.findByRole("button", { name: "Pause" });
    expect(posts()).toMatchObject([
      { path: "/api/v1/sessions/session-1/pause", body: { expected_version: 1 } },
      { path: "/api/v1/sessions/session-1/resume", body: { expected_version: 2 } },
    ]);
    for (const post of posts()) expect(post.headers["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("says what another desk did first, and shows the session as it is now", async () => {
    const actor = { kind: "staff", id: "1", name: "Emre" };
    const last_event = { type: "SESSION_PAUSED", at: after(-60), actor };
    const body = { code: "session.changed", detail: "It was changed.", session: paused, last_event };
    await openPanel(aSession(402), () => ({ status: 409, body }));
    await press("Pause");
    expect((await screen.findByRole("alert")).textContent).toContain("Emre paused PC-01 at 19:59. Do it all the same?");
    expect(screen.getByRole("button", { name: "Resume" })).toBeTruthy();
    expect(floor.entry("station-1").get()?.session).toEqual(paused);
    await press("Leave it");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("shows the server's refusal in its words", async () => {
    const detail = "PC-01 isn't connected.";
    await openPanel(paused, () => ({ status: 409, body: { code: "station.offline", detail } }));
    await press("Resume");
    expect((await screen.findByRole("alert")).textContent).toBe(detail);
  });
});

describe("moving", () => {
  const others = [
    aStation({ id: "station-2", name: "PC-02" }),
    aStation({ id: "station-3", name: "PC-03", connected: false }),
    aStation({ id: "station-4", name: "PC-04", session: aSession(600, { id: "other", station_id: "station-4" }) }),
    aStation({ id: "station-5", name: "VR-01", zone: { id: "zone-2", name: "Lounge" } }),
  ];

  it("offers the free stations by zone and takes the session there", async () => {
    const there = aSession(402, { version: 2, status: "pending", station_id: "station-2", station_name: "PC-02" });
    const posts = await openPanel(aSession(402), () => ({ status: 200, body: there }), others);
    await press("Move");
    const form = screen.getByRole("form", { name: "Move Marta K. from PC-01" });
    const inZone = (zone: string) =>
      within(within(form).getByRole("group", { name: zone }))
        .getAllByRole("radio")
        .map((radio) => radio.closest("label")?.textContent);
    expect([inZone("Main hall"), inZone("Lounge")]).toEqual([["PC-02"], ["VR-01"]]);
    await userEvent.click(screen.getByRole("radio", { name: "PC-02" }));
    expect(form.textContent).toContain("PC-01 locks and PC-02 opens. The time between isn’t used.");
    await press("Move to PC-02");
    await eventually(() => expect(world.moved).toEqual(["station-2"]));
    expect(floor.entry("station-1").get()?.session).toBeNull();
    await eventually(() => expect(floor.entry("station-2").get()?.session).toEqual(there));
    expect(posts()).toMatchObject([
      { path: "/api/v1/sessions/session-1/move", body: { station_id: "station-2", expected_version: 1 } },
    ]);
  });

  it("finds a station by typing and goes there by Enter", async () => {
    const posts = await openPanel(aSession(402), () => ({ status: 200, body: aSession(402, { version: 2 }) }), others);
    await press("Move");
    await userEvent.type(screen.getByLabelText("Find a free station"), "vr{Enter}");
    await eventually(() => expect(posts()).toMatchObject([{ body: { station_id: "station-5" } }]));
  });

  it("says when nothing is found, and when nothing is free", async () => {
    await openPanel(aSession(402), () => ({ status: 500 }), others.slice(0, 1));
    await press("Move");
    await userEvent.type(screen.getByLabelText("Find a free station"), "PS");
    expect(screen.getByRole("status").textContent).toBe("No free station is called “PS”.");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Move" }).disabled).toBe(true);
  });

  it("is back where it was, with the server's words, when the target was taken meanwhile", async () => {
    const detail = "Station PC-02 is already in session with Deniz.";
    await openPanel(aSession(402), () => ({ status: 409, body: { code: "session.station_busy", detail } }), others);
    await press("Move");
    await userEvent.click(screen.getByRole("radio", { name: "PC-02" }));
    await press("Move to PC-02");
    expect((await screen.findByRole("alert")).textContent).toBe(detail);
    await eventually(() => expect(world.moved).toEqual(["station-2", "station-1"]));
    expect(floor.entry("station-1").get()?.session?.id).toBe("session-1");
    expect(floor.entry("station-2").get()?.session).toBeNull();
  });

  it("takes a free station that is pressed on the plan, and no other", async () => {
    const posts = await openPanel(aSession(402), () => ({ status: 200, body: aSession(402, { version: 2 }) }), others);
    await press("Move");
    for (const id of ["station-3", "station-4", "station-2"]) act(() => choosing.get()?.choose(id));
    await eventually(() => expect(posts()).toMatchObject([{ body: { station_id: "station-2" } }]));
    expect(choosing.get()).toBeNull();
  });
});

it("insists that a PC is open, only where the server warned", async () => {
  const pending = aSession(3600, { status: "pending", delivery: "delivered", warning: "unconfirmed" });
  const posts = await openPanel(pending, () => ({ status: 200, body: aSession(3600, { version: 2 }) }));
  await press("It is open");
  await screen.findByRole("button", { name: "Pause" });
  expect(screen.queryByRole("button", { name: "It is open" })).toBeNull();
  expect(posts()).toMatchObject([{ path: "/api/v1/sessions/session-1/confirm", body: { expected_version: 1 } }]);
});

describe("within the grace", () => {
  const over = aSession(-18, { status: "ended", end_reason: "expired", ended_at: after(-18) });

  it("gives more time from the old end on, which revives the session", async () => {
    const revived = aSession(882, { version: 2, extended_minutes: 15 });
    const posts = await openPanel(over, () => ({ status: 200, body: revived }));
    expect(await screen.findByRole("button", { name: "+15 to 20:14" })).toBeTruthy();
    await press(/^\+15/);
    await screen.findByRole("button", { name: "Pause" });
    expect(posts()).toMatchObject([
      { path: "/api/v1/sessions/session-1/extend", body: { additional_minutes: 15, expected_version: 1 } },
    ]);
  });

  it("starts anew for somebody else", async () => {
    await openPanel(over, () => ({ status: 500 }));
    await press("Start a new session instead");
    expect(screen.getByText(/PC-01 ends the grace of Marta K\. at once, locks, and opens again/)).toBeTruthy();
  });
});
