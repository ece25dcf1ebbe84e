// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Toasts } from "@/components/ui/toasts";
import { beforeEach, expect, it } from "vitest";
import { clearPicked, picked, pickOnly } from "@/features/stations";
import { floor } from "@/lib/live";
import { link } from "@/lib/live/live";
import { startBackend, type Answer, type Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { after, aSession, aStation } from "../../../../tests/floor";
import { aWorld, press } from "../../../../tests/panel";
import { renderPage } from "../../../../tests/render";
import { SelectionBar } from "./selection-bar";

let act: (request: Received) => Answer;
let received: Received[];

const station = (number: number, changes = {}) => aStation({ id: `s${number}`, name: `PC-0${number}`, ...changes });
const session = (number: number, changes = {}) =>
  aSession(600, { id: `p${number}`, station_id: `s${number}`, user_name: `Player ${number}`, ...changes });

beforeEach(async () => {
  aWorld();
  clearPicked();
  act = () => ({ status: 500 });
  received = await startBackend((request) => act(request));
  const sessions = [session(1), session(2)];
  const stations = [
    ...sessions.map((one, index) => station(index + 1, { session: one, locked: false })),
    station(3),
    station(4, { driver: "manual", connected: false }),
  ];
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions } });
});

function open(...ids: string[]): void {
  pickOnly(ids);
  renderPage(
    <div data-desk>
      <SelectionBar />
      <Toasts />
    </div>,
  );
}

it("isn't there while nothing is picked", () => {
  open();
  expect(screen.queryByRole("region", { name: "Selected stations" })).toBeNull();
});

it("adds time where there is a session, and says who was left out", async () => {
  act = ({ path }) => ({
    status: 200,
    body: session(path.includes("p1") ? 1 : 2, { version: 2, extended_minutes: 15, scheduled_end_at: after(1500) }),
  });
  open("s1", "s2", "s3");
  await press("Add 15 min to 2 sessions");
  await screen.findByText(/15 min added to .*PC-01.*PC-02.*Left out, without a session: .*PC-03/);
  expect(received.map(({ path, body }) => [path, body])).toEqual([
    ["/api/v1/sessions/p1/extend", { additional_minutes: 15 }],
    ["/api/v1/sessions/p2/extend", { additional_minutes: 15 }],
  ]);
  expect(floor.entry("s1").get()?.session?.version).toBe(2);
});

it("keeps what failed selected, with the reason, and tries that again under the same key", async () => {
  let away = true;
  act = ({ path }) => {
    if (path.includes("p2") && away)
      return { status: 503, body: { code: "unavailable", detail: "The database is away." } };
    return { status: 200, body: session(path.includes("p1") ? 1 : 2, { version: 2 }) };
  };
  open("s1", "s2");
  await press("Add 30 min to 2 sessions");
  await screen.findByText(/Not .*PC-02/);
  expect([...picked.get().ids]).toEqual(["s2"]);
  away = false;
  await press("Add 30 min to 1 session");
  await eventually(() => expect(received).toHaveLength(3));
  const keys = received.filter(({ path }) => path.includes("p2")).map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size).toBe(1);
});

it("ends several only after it said whom, and lets go of them", async () => {
  act = ({ path }) => ({
    status: 200,
    body: session(path.includes("p1") ? 1 : 2, { status: "ended", end_reason: "manual_stop", ended_at: after(0) }),
  });
  open("s1", "s2");
  await press("End");
  const dialog = await screen.findByRole("alertdialog").catch(() => screen.getByRole("dialog"));
  expect(dialog.textContent).toMatch(/End 2 sessions now\?.*PC-01/);
  expect(received).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "End 2 sessions" }));
  await eventually(() => expect(picked.get().ids.size).toBe(0));
  expect(received).toHaveLength(2);
});

it("offers nothing while the line is down, and nothing that no one of them can take", async () => {
  open("s3", "s4");
  await screen.findByRole("button", { name: "Message" });
  const enabled = (name: string) => !(screen.getByRole("button", { name }) as HTMLButtonElement).disabled;
  expect([enabled("Message"), enabled("Lock"), enabled("End"), enabled("Give time back")]).toEqual([
    ...[true, true, false, false],
  ]);
  link.set({ live: false, since: 0 });
  await eventually(() => expect(enabled("Message")).toBe(false));
  expect(screen.getByText("Waiting for the connection to the server.")).toBeTruthy();
});
