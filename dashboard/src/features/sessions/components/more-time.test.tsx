// @vitest-environment jsdom
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "@/lib/api";
import { floor } from "@/lib/live";
import type { Answer, Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { after, aSession, NOW } from "../../../../tests/floor";
import { isBusy } from "../acting";
import { undoLast } from "../undo";
import { aWorld, openLivePanel, press, type World } from "../../../../tests/panel";

let world: World;
const openPanel = (session: Session | null, act: (request: Received) => Answer) => openLivePanel(world, session, act);

beforeEach(() => {
  world = aWorld();
});
afterEach(() => eventually(() => expect(isBusy("station-1")).toBe(false)));

describe("time", () => {
  it("is shown as extended before the server has answered, and as before when it refuses", async () => {
    const detail = "This session has a latest end.";
    await openPanel(aSession(1200), () => ({ status: 409, body: { code: "session.hard_stop", detail } }));
    await screen.findByRole("button", { name: "+30 to 20:50" });
    act(() => screen.getByRole("button", { name: "+30 to 20:50" }).click());
    expect(floor.entry("station-1").get()?.session?.scheduled_end_at).toBe(new Date(NOW + 3_000_000).toISOString());
    expect((await screen.findByRole("alert")).textContent).toBe(detail);
    expect(floor.entry("station-1").get()?.session).toEqual(aSession(1200));
  });

  it("says what another desk added, and adds as much again if that is wanted", async () => {
    const theirs = aSession(3000, { version: 2, extended_minutes: 30 });
    const [before, after_] = [{ extended_minutes: 0 }, { extended_minutes: 30 }];
    const actor = { kind: "staff", id: "1", name: "Emre" };
    const last_event = { type: "SESSION_EXTENDED", at: after(-60), actor, data: { before, after: after_ } };
    const changed = { status: 409, body: { code: "session.changed", detail: "x", session: theirs, last_event } };
    const both = aSession(4800, { version: 3, extended_minutes: 60 });
    const answers: Answer[] = [changed, { status: 200, body: both }];
    const posts = await openPanel(aSession(1200), () => answers.shift() ?? { status: 500 });
    await press(/^\+30/);
    expect((await screen.findByRole("alert")).textContent).toContain(
      "Emre added 30 min to PC-01 at 19:59. Add 30 more?",
    );
    await press("Add 30");
    await eventually(() => expect(floor.entry("station-1").get()?.session).toEqual(both));
    expect(posts().map(({ body }) => body)).toMatchObject([{ expected_version: 1 }, { expected_version: 2 }]);
  });

  it("asks nobody when it was the PC that changed the session", async () => {
    const opened = aSession(1200, { version: 2 });
    const actor = { kind: "agent", id: "1", name: "PC-01" };
    const last_event = { type: "SESSION_CONFIRMED", at: after(-1), actor };
    const changed = { status: 409, body: { code: "session.changed", detail: "x", session: opened, last_event } };
    const longer = aSession(2100, { version: 3, extended_minutes: 15 });
    const answers: Answer[] = [changed, { status: 200, body: longer }];
    const posts = await openPanel(aSession(1200), () => answers.shift() ?? { status: 500 });
    await press(/^\+15/);
    await eventually(() => expect(floor.entry("station-1").get()?.session).toEqual(longer));
    expect(posts()).toHaveLength(2);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is taken back by Undo with the grant that was given", async () => {
    const longer = aSession(2100, { version: 2, extended_minutes: 15 });
    const given = { reason: null, actor_name: "ana", granted_at: after(0) };
    world.grants = [{ ...given, id: "grant-2", kind: "extension", seconds: 900 }];
    const answers = [longer, aSession(1200, { version: 3 })];
    const posts = await openPanel(aSession(1200), () => ({ status: 200, body: answers.shift() }));
    await press(/^\+15/);
    await eventually(() => expect(floor.entry("station-1").get()?.session).toEqual(longer));
    await eventually(() => expect(isBusy("station-1")).toBe(false));
    expect(undoLast()).toBe(true);
    await eventually(() => expect(posts()).toHaveLength(2));
    const body = { seconds: -900, reason: "undo", reverses_grant_id: "grant-2", expected_version: 2 };
    expect(posts()[1]).toMatchObject({ path: "/api/v1/sessions/session-1/correct", body });
  });

  it("is corrected by a manager, with a reason and the new end before it is sent", async () => {
    world.role = "manager";
    const posts = await openPanel(aSession(1200), () => ({ status: 200, body: aSession(600, { version: 2 }) }));
    await press(/^Other/);
    const dialog = within(await screen.findByRole("dialog", { name: "Time of Marta K. on PC-01" }));
    await userEvent.click(await dialog.findByRole("radio", { name: "Correct down" }));
    await userEvent.clear(dialog.getByLabelText("Minutes"));
    await userEvent.type(dialog.getByLabelText("Minutes"), "10");
    expect(dialog.getByText("to 20:10")).toBeTruthy();
    await userEvent.click(dialog.getByRole("button", { name: "Correct" }));
    expect(dialog.getByText(/Say why/)).toBeTruthy();
    await userEvent.type(dialog.getByLabelText("Reason"), "Came late");
    await userEvent.click(dialog.getByRole("button", { name: "Correct" }));
    await eventually(() => expect(posts()).toHaveLength(1));
    expect(posts()[0]).toMatchObject({ body: { seconds: -600, reason: "Came late", expected_version: 1 } });
  });
});
