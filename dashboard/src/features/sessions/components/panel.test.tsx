// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { credentials, type Session, type Station } from "@/lib/api";
import { clock, floor, useEntry } from "@/lib/live";
import { link } from "@/lib/live/live";
import { eventually } from "../../../../tests/eventually";
import { startBackend, type Answer, type Received } from "../../../../tests/backend";
import { after, aSession, aStation } from "../../../../tests/floor";
import { renderPage } from "../../../../tests/render";
import { DeskDialogs } from "./desk-dialogs";
import { PanelBody } from "./panel-body";

const venue = { time_zone: "UTC", locale: "en-GB", min_minutes: 1, max_minutes: 1440, step_minutes: 1 };
let role: string;

beforeEach(() => {
  role = "attendant";
  credentials.accept({ access_token: "token", token_type: "bearer", expires_in: 1800 });
  clock.correct(after(0), true);
  link.set({ live: true, since: 0 });
});

/** Opens the panel of station-1 before a server that answers actions as `act` says. */
async function openPanel(
  session: Session | null,
  act: (request: Received) => Answer,
  changes: Partial<Station> = {},
): Promise<() => Received[]> {
  const received = await startBackend((request) => {
    if (request.path === "/api/v1/venue") return { status: 200, body: venue };
    if (request.path === "/api/v1/auth/me") return { status: 200, body: { username: "ana", role } };
    if (request.method === "GET") return { status: 200, body: { items: [], next_cursor: null } };
    return act(request);
  });
  const station = aStation({ session, ...changes });
  const data = { cursor: 1, server_time: after(0), stations: [station], sessions: session ? [session] : [] };
  floor.apply({ type: "snapshot", data });
  renderPage(<Open />);
  return () => received.filter(({ method }) => method === "POST");
}

function Open() {
  const entry = useEntry("station-1");
  return (
    <>
      {entry && <PanelBody entry={entry} />}
      <DeskDialogs />
    </>
  );
}

describe("starting", () => {
  it("sends the station, the minutes and the player, and shows the session at once", async () => {
    const session = aSession(2700, { status: "pending", delivery: "sending", user_name: "Selin K." });
    const posts = await openPanel(null, () => ({ status: 201, body: session }));
    await userEvent.type(await screen.findByLabelText("Player"), " Selin K. ");
    const minutes = screen.getByLabelText("Minutes");
    await userEvent.clear(minutes);
    await userEvent.type(minutes, "45");
    expect(screen.getByText(/opens for Selin K\. until 20:45/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: /^Start/ }));
    await eventually(() => expect(floor.entry("station-1").get()?.session).toEqual(session));
    expect(posts()).toMatchObject([
      {
        path: "/api/v1/sessions",
        headers: { authorization: "Bearer token" },
        body: { station_id: "station-1", duration_minutes: 45, user_name: "Selin K.", allow_offline: false },
      },
    ]);
    expect(posts()[0]?.headers["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("shows the server's refusal in its words, and tries again under a new key", async () => {
    const detail = "Station PC-01 is already in session with Deniz. End it or choose another station.";
    const posts = await openPanel(null, () => ({ status: 409, body: { code: "session.station_busy", detail } }));
    await userEvent.click(await screen.findByRole("button", { name: /^Start/ }));
    expect((await screen.findByRole("alert")).textContent).toBe(detail);
    await userEvent.click(screen.getByRole("button", { name: /^Start/ }));
    await eventually(() => expect(posts()).toHaveLength(2));
    await screen.findByRole("alert");
    expect(posts()[0]?.headers["idempotency-key"]).not.toBe(posts()[1]?.headers["idempotency-key"]);
  });

  it("keeps its key when no answer came, so that pressing again starts one session", async () => {
    let broken = true;
    const posts = await openPanel(null, () => (broken ? "hang up" : { status: 201, body: aSession(3600) }));
    await userEvent.click(await screen.findByRole("button", { name: /^Start/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("can't be reached");
    broken = false;
    await userEvent.click(screen.getByRole("button", { name: /^Start/ }));
    await eventually(() => expect(floor.entry("station-1").get()?.session?.status).toBe("active"));
    expect(posts()).toHaveLength(2);
    expect(posts()[0]?.headers["idempotency-key"]).toBe(posts()[1]?.headers["idempotency-key"]);
  });

  it.each([500, 502, 503, 504])("keeps its key after a %i, which doesn't say whether it was done", async (status) => {
    let failing = true;
    const posts = await openPanel(null, () => (failing ? { status } : { status: 201, body: aSession(3600) }));
    await userEvent.click(await screen.findByRole("button", { name: /^Start/ }));
    await screen.findByRole("alert");
    failing = false;
    await userEvent.click(screen.getByRole("button", { name: /^Start/ }));
    await eventually(() => expect(floor.entry("station-1").get()?.session?.status).toBe("active"));
    expect(posts()).toHaveLength(2);
    expect(posts()[0]?.headers["idempotency-key"]).toBe(posts()[1]?.headers["idempotency-key"]);
  });

  it("says what to type instead of sending what can't be", async () => {
    const posts = await openPanel(null, () => ({ status: 500 }));
    const minutes = await screen.findByLabelText("Minutes");
    await userEvent.clear(minutes);
    await userEvent.type(minutes, "2000");
    await userEvent.click(screen.getByRole("button", { name: /^Start/ }));
    expect(screen.getByText("Whole minutes from 1 to 1440.")).toBeTruthy();
    expect(posts()).toEqual([]);
  });

  it("waits while the floor isn't live", async () => {
    link.set({ live: false, since: 0 });
    await openPanel(null, () => ({ status: 500 }));
    expect((await screen.findByRole<HTMLButtonElement>("button", { name: /^Start/ })).disabled).toBe(true);
    expect(screen.getByText("Waiting for the connection to the server.")).toBeTruthy();
  });
});

describe("extending", () => {
  it("says until when before it is pressed, and adds those minutes by one press", async () => {
    const longer = aSession(3000, { version: 2, extended_minutes: 30 });
    const posts = await openPanel(aSession(1200), () => ({ status: 200, body: longer }));
    await userEvent.click(await screen.findByRole("button", { name: "+30 to 20:50" }));
    await eventually(() => expect(floor.entry("station-1").get()?.session).toEqual(longer));
    expect(posts()).toMatchObject([
      { path: "/api/v1/sessions/session-1/extend", body: { additional_minutes: 30, expected_version: 1 } },
    ]);
  });
});

describe("a PC that isn't connected", () => {
  it("starts only after somebody said so, and says when it opens", async () => {
    const away = { connected: false };
    const posts = await openPanel(null, () => ({ status: 201, body: aSession(3600, { status: "pending" }) }), away);
    const start = await screen.findByRole<HTMLButtonElement>("button", { name: /^Start/ });
    expect(start.disabled).toBe(true);
    await userEvent.click(screen.getByRole("checkbox", { name: "Start although PC-01 isn’t connected" }));
    expect(screen.getByText("PC-01 opens when it is back. The time counts from then on.")).toBeTruthy();
    await userEvent.click(start);
    await eventually(() => expect(floor.entry("station-1").get()?.session?.status).toBe("pending"));
    expect(posts()).toMatchObject([{ body: { station_id: "station-1", allow_offline: true } }]);
  });
});

it("says of time that is over what the PC does when the grace ends", async () => {
  await openPanel(aSession(-18), () => ({ status: 500 }));
  expect(screen.getByRole("note").textContent).toBe(
    "Time is over. When the grace ends, PC-01 locks and logs out if it is set up to.",
  );
});

describe("waiting for the PC", () => {
  const pending = (changes: Partial<Session>) => aSession(3600, { status: "pending", delivery: "sending", ...changes });

  it("says nothing before the server warns, however long it takes", async () => {
    await openPanel(pending({ started_at: after(-300) }), () => ({ status: 500 }));
    await screen.findByRole("button", { name: "End" });
    expect(screen.queryByRole("status")).toBeNull();
    expect(screen.queryByRole("note")).toBeNull();
  });

  it.each([
    ["unconfirmed", "sending", /^PC-01 doesn’t answer\. Check that it is on/],
    ["unconfirmed", "delivered", /^PC-01 has the session and hasn’t said that it is open\. Look at its screen/],
    ["unconfirmed", "waiting_for_logon", /still waits for Marta K\. to sign in there/],
    ["open_failed", "delivered", /^PC-01 tried to open for Marta K\. and couldn’t\. Look at its screen/],
  ] as const)("warned of as %s, %s says what happened and what to do", async (warning, delivery, words) => {
    await openPanel(pending({ warning, delivery }), () => ({ status: 500 }));
    expect(screen.getByRole("status").textContent).toMatch(words);
  });
});

describe("what is known of the PC", () => {
  const facts = () => screen.getByRole("region", { name: "This station" }).textContent;

  it("is shown plainly while the floor is live", async () => {
    await openPanel(null, () => ({ status: 500 }));
    expect(facts()).toMatch(/^This PCConnectionConnectedDesktopLockedAgent1\.0\.0/);
  });

  it("is shown as last known from the moment the line broke", async () => {
    link.set({ live: false, since: clock.now() - 130_000 });
    await openPanel(null, () => ({ status: 500 }));
    await eventually(() =>
      expect(facts()).toContain("This PCLast known at 19:57ConnectionConnectedDesktopLockedAgent1.0.0"),
    );
  });

  it("counts how long a PC hasn't been seen no further than is known", async () => {
    link.set({ live: false, since: clock.now() - 130_000 });
    await openPanel(null, () => ({ status: 500 }), { connected: false, last_seen: after(-190) });
    await eventually(() => expect(facts()).toContain("Not seen for 1 min, since 19:56"));
  });
});

describe("ending", () => {
  it("asks first and says what happens to whom", async () => {
    const ended = aSession(402, { version: 2, status: "ended", end_reason: "manual_stop", ended_at: after(0) });
    const posts = await openPanel(aSession(402), () => ({ status: 200, body: ended }));
    await userEvent.click(await screen.findByRole("button", { name: "End" }));
    const question = await screen.findByRole("alertdialog", { name: "End PC-01 now?" });
    expect(question.textContent).toContain("Marta K. has 06:42 left. The PC locks at once if it is set up to.");
    await userEvent.click(screen.getByRole("button", { name: "Keep playing" }));
    expect(posts()).toEqual([]);

    await userEvent.click(screen.getByRole("button", { name: "End" }));
    await userEvent.click(screen.getByRole("button", { name: "End session" }));
    await eventually(() => expect(floor.entry("station-1").get()?.session?.status).toBe("ended"));
    const asked = { path: "/api/v1/sessions/session-1/end", body: { reason: "manual_stop", expected_version: 1 } };
    await eventually(() => expect(posts()).toMatchObject([asked]));
  });
});

it("a viewer sees the session and nothing to press", async () => {
  role = "viewer";
  await openPanel(aSession(402), () => ({ status: 500 }));
  expect(screen.getByText("06:42")).toBeTruthy();
  await eventually(() => expect(screen.getByText(/1 h granted/)).toBeTruthy());
  expect(screen.queryAllByRole("button")).toEqual([]);
});
