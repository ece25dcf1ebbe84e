// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { useEffect } from "react";
import { afterEach, beforeEach, expect, it } from "vitest";
import { credentials } from "@/lib/api";
import { startLive } from "@/lib/live";
import { startBackend, type Received } from "../../../tests/backend";
import { eventually } from "../../../tests/eventually";
import { startLiveServer, type LiveServer } from "../../../tests/live-server";
import { renderPage } from "../../../tests/render";
import { tokensOf } from "../../../tests/tokens";
import { useVenue, useVenueNews, useZones } from "./queries";

let live: LiveServer;
let venue: string;
let zone: string;
let received: Received[];

beforeEach(async () => {
  [venue, zone] = ["Arena", "Lounge"];
  credentials.accept(tokensOf("ana"));
  live = await startLiveServer({ stations: [], sessions: [] });
  received = await startBackend(({ path }) => ({
    status: 200,
    body:
      path === "/api/v1/venue"
        ? { name: venue, time_zone: "UTC", locale: "en" }
        : { items: [{ id: "z", name: zone, position: null, sequence: 1 }], next_cursor: null },
  }));
});

afterEach(() => {
  credentials.drop(false);
  live.close();
});

function Desk() {
  useEffect(startLive, []);
  useVenueNews();
  return (
    <p>
      {useVenue()?.name} and {useZones()?.[0]?.name}
    </p>
  );
}

const tell = (type: string, data: object) => live.tell(type, data);

/** How often the server was asked for that. */
function asked(path: string): number {
  return received.filter((request) => request.path.split("?")[0] === path).length;
}

it("shows a new name of the venue, or of a zone, as soon as an event tells of it", async () => {
  renderPage(<Desk />);
  await screen.findByText("Arena and Lounge");
  await eventually(() => expect(live.server.clients.size).toBe(1));
  venue = "Arena Norte";
  tell("delta", { events: [{ type: "VENUE_UPDATED" }] });
  await screen.findByText("Arena Norte and Lounge");
  zone = "Bar";
  tell("delta", { events: [{ type: "ZONE_UPDATED" }, { type: "STATION_UPDATED" }] });
  await screen.findByText("Arena Norte and Bar");
});

it("asks for nothing when what happened has nothing to do with it", async () => {
  renderPage(<Desk />);
  await screen.findByText("Arena and Lounge");
  await eventually(() => expect(live.server.clients.size).toBe(1));
  venue = "Arena Norte";
  tell("delta", { events: [{ type: "VENUE_UPDATED" }] });
  await screen.findByText("Arena Norte and Lounge");
  const zones = asked("/api/v1/zones");
  const venues = asked("/api/v1/venue");
  tell("delta", { events: [{ type: "SESSION_CREATED" }] });
  tell("delta", {});
  zone = "Bar";
  tell("delta", { events: [{ type: "ZONE_RETIRED" }] });
  await screen.findByText("Arena Norte and Bar");
  expect([asked("/api/v1/zones"), asked("/api/v1/venue")]).toEqual([zones + 1, venues]);
});

it("asks again after a reconnect, since an event may have been missed", async () => {
  renderPage(<Desk />);
  await screen.findByText("Arena and Lounge");
  await eventually(() => expect(live.server.clients.size).toBe(1));
  [venue, zone] = ["Arena Norte", "Bar"];
  for (const socket of live.server.clients) socket.close();
  await screen.findByText("Arena Norte and Bar", undefined, { timeout: 5_000 });
});
