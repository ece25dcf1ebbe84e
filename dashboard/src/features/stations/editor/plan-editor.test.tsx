// @vitest-environment jsdom
import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Toasts } from "@/components/ui/toasts";
import { beforeEach, expect, it } from "vitest";
import type { Station } from "@/lib/api";
import { floor } from "@/lib/live";
import { startBackend, type Answer, type Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { after, aStation } from "../../../../tests/floor";
import { aWorld, press } from "../../../../tests/panel";
import { renderPage } from "../../../../tests/render";
import { inHand } from "./editing";
import { PlanEditor } from "./plan-editor";

let zones: object[];
let events: object[];
let act: (request: Received) => Answer;
let received: Received[];

const at = (x: number, y: number) => ({ x, y, w: 144, h: 88 });
const hall = { id: "zone-1", name: "Main hall", sequence: 1, position: { x: 0, y: 0, w: 640, h: 400 } };
const first = aStation({ position: at(16, 40) });

beforeEach(async () => {
  aWorld();
  Element.prototype.scrollIntoView = () => undefined;
  [zones, events] = [[hall], []];
  inHand.set(null);
  act = ({ path, body }) => {
    if (!path.startsWith("/api/v1/stations/")) return { status: 200, body: { ...hall, ...(body as object) } };
    const station = floor.entry(path.split("/").at(-1) ?? "").get()?.station ?? first;
    return { status: 200, body: { ...station, ...(body as object), zone: station.zone, version: 2 } };
  };
  received = await startBackend((request) => {
    if (request.method !== "GET") return act(request);
    const items = request.path.startsWith("/api/v1/zones") ? zones : events;
    return { status: 200, body: { items, next_cursor: null } };
  });
});

async function open(...stations: Station[]): Promise<void> {
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions: [] } });
  renderPage(
    <>
      <PlanEditor onClose={() => undefined} />
      <Toasts />
    </>,
  );
  await screen.findByRole("button", { name: "Zone Main hall, move with the arrows" });
}

const changes = () =>
  received.filter(({ method }) => method !== "GET").map(({ method, path, body }) => [method, path, body]);
/** The answer is here: what is saved can be taken back. */
const untilSaved = () =>
  eventually(() => expect((screen.getByRole("button", { name: "Undo" }) as HTMLButtonElement).disabled).toBe(false));
const tile = (name = "PC-01") => screen.getByRole("button", { name: `${name}, move with the arrows` });

it("saves where a station came to rest by the arrows, once, and takes it back", async () => {
  await open(first);
  for (let step = 0; step < 3; step += 1) fireEvent.keyDown(tile(), { key: "ArrowRight" });
  await eventually(() => expect(changes()).toHaveLength(1));
  expect(changes()[0]).toEqual(["PATCH", "/api/v1/stations/station-1", { position: at(40, 40), zone: "zone-1" }]);
  await untilSaved();
  await press("Undo");
  await eventually(() => expect(changes()).toHaveLength(2));
  expect(changes()[1]?.[2]).toEqual({ position: at(16, 40), zone: "zone-1" });
});

it("keeps what lies over another shown and unsaved, and says so", async () => {
  await open(first, aStation({ id: "s2", name: "PC-02", position: at(168, 40) }));
  for (let step = 0; step < 2; step += 1) fireEvent.keyDown(tile(), { key: "ArrowRight" });
  await screen.findByText("PC-01 lies over PC-02. It is saved once it has a free place.");
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(changes()).toEqual([]);
});

it("says who changed a place meanwhile, and leaves it as they put it", async () => {
  await open(first);
  events = [
    { id: 9, type: "STATION_UPDATED", station_id: "station-1", data: {}, actor: { kind: "staff", name: "Emre" } },
  ];
  fireEvent.keyDown(tile(), { key: "ArrowDown" });
  floor.apply({ type: "delta", data: { cursor: 2, stations: [{ ...first, position: at(320, 40), version: 5 }] } });
  await screen.findByText(/Emre.* changed .*PC-01.* meanwhile, so your change wasn’t saved/);
  expect(changes()).toEqual([]);
});

it("puts what is in the tray into its own zone, with the focus on it", async () => {
  inHand.set("s:s2");
  await open(first, aStation({ id: "s2", name: "PC-02", position: null }));
  const waiting = screen.getByRole("button", { name: "PC-02" });
  await eventually(() => expect(document.activeElement).toBe(waiting));
  await userEvent.keyboard("{Enter}");
  await eventually(() => expect(changes()).toHaveLength(1));
  expect(changes()[0]).toEqual(["PATCH", "/api/v1/stations/s2", { position: at(168, 40), zone: "zone-1" }]);
  await eventually(() =>
    expect(document.activeElement?.getAttribute("aria-label")).toBe("PC-02, move with the arrows"),
  );
  await untilSaved();
});

it("puts no station into another zone because its own isn't placed yet", async () => {
  zones = [hall, { id: "zone-2", name: "VIP", sequence: 2, position: null }];
  await open(first, aStation({ id: "s2", name: "PC-02", zone: { id: "zone-2", name: "VIP" }, position: null }));
  const waiting = await screen.findByRole("button", { name: "PC-02" });
  expect([(waiting as HTMLButtonElement).disabled, waiting.title]).toEqual([true, "Place its zone first."]);
});

it("names zones anew and adds some", async () => {
  await open(first);
  await press("Rename Main hall");
  const name = await screen.findByLabelText("Zone’s name");
  await userEvent.clear(name);
  await userEvent.type(name, "Arena");
  await press("Save");
  await eventually(() => expect(changes()).toEqual([["PATCH", "/api/v1/zones/zone-1", { name: "Arena" }]]));
  await press("New zone");
  await userEvent.type(await screen.findByLabelText("Zone’s name"), "VIP");
  await press("Add zone");
  await eventually(() => expect(changes().at(-1)).toEqual(["POST", "/api/v1/zones", { name: "VIP" }]));
});
