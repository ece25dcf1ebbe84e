// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { beforeEach, expect, it, vi } from "vitest";
import { floor, useStationIds, useStore } from "@/lib/live";
import { startBackend, type Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { after, aStation } from "../../../../tests/floor";
import { aWorld, press } from "../../../../tests/panel";
import { renderPage } from "../../../../tests/render";
import { editing, inHand } from "../editor/editing";
import { EnrolmentWizard } from "./enrolment-wizard";

const fresh = { connected: false, last_seen: null, locked: null } as const;
let events: object[];
let refused: boolean;
let received: Received[];
const went: string[] = [];

beforeEach(async () => {
  aWorld();
  [events, refused] = [[], false];
  went.length = 0;
  editing.set(false);
  inHand.set(null);
  received = await startBackend(({ method }) => {
    if (method === "GET") return { status: 200, body: { items: events, next_cursor: null } };
    if (refused) return { status: 409, body: { code: "station.not_found", detail: "No such station." } };
    return { status: 201, body: { code: "K7QM-3RXZ", expires_at: after(900) } };
  });
});

function open(...stations: ReturnType<typeof aStation>[]): void {
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions: [] } });
  const router = { push: (to: string) => went.push(to) } as never;
  renderPage(
    <AppRouterContext.Provider value={router}>
      <Wizard />
    </AppRouterContext.Provider>,
  );
}

function Wizard() {
  useStationIds();
  useStore(floor.revision);
  const stations = floor.all().map(({ station }) => station);
  return <EnrolmentWizard stations={stations} stationId="station-1" onStation={vi.fn()} onClose={vi.fn()} />;
}

/** The PC uses the code, and its agent connects. */
function connect(changes: Partial<ReturnType<typeof aStation>> = {}): void {
  const of = { id: 1, station_id: "station-1", data: {} };
  events = [
    { ...of, type: "AGENT_CONNECTED", at: after(5) },
    { ...of, type: "AGENT_ENROLLED", at: after(2) },
  ];
  const stations = [aStation({ ...changes, connected: true })];
  floor.apply({ type: "delta", data: { cursor: 2, stations } });
}

it("asks for one code, shows the command with it, and turns to what the PC reports", async () => {
  open(aStation(fresh));
  expect((await screen.findAllByText("K7QM-3RXZ")).length).toBeGreaterThan(0);
  expect(received.filter(({ method }) => method === "POST")).toHaveLength(1);
  connect();
  await screen.findByText("PC-01 is connected and locked", {}, { timeout: 10_000 });
  expect(screen.getByText(/It reported 3 s after the code was used/)).toBeTruthy();
}, 20_000);

it("leads to the plan with the new station in hand, unless it stands there already", async () => {
  open(aStation(fresh));
  await screen.findAllByText("K7QM-3RXZ");
  connect();
  await userEvent.click(await screen.findByRole("button", { name: "Place on the plan" }, { timeout: 10_000 }));
  expect([went, editing.get(), inHand.get()]).toEqual([["/"], true, "s:station-1"]);
  connect({ position: { x: 0, y: 0, w: 144, h: 88 } });
  await eventually(() => expect(screen.queryByRole("button", { name: "Place on the plan" })).toBeNull());
}, 20_000);

it("says why there is no code, and asks again when told to", async () => {
  refused = true;
  open(aStation(fresh));
  await screen.findByRole("alert");
  refused = false;
  await press("Try again");
  expect((await screen.findAllByText("K7QM-3RXZ")).length).toBeGreaterThan(0);
});

it("warns before a second PC takes the place of one that is connected", async () => {
  open(aStation());
  await press("Back");
  expect(await screen.findByText(/PC-01 has a PC/)).toBeTruthy();
});
