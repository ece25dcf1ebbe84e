// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import type { AddressInfo } from "node:net";
import { useEffect } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket as Client, WebSocketServer } from "ws";
import { credentials } from "@/lib/api";
import { startLive } from "@/lib/live";
import { startBackend, type Received } from "../../../tests/backend";
import { eventually } from "../../../tests/eventually";
import { renderPage } from "../../../tests/render";
import { tokensOf } from "../../../tests/tokens";
import { useVenue, useVenueNews, useZones } from "./queries";

let live: WebSocketServer;
let venue: string;
let zone: string;
let received: Received[];

beforeEach(async () => {
  [venue, zone] = ["Arena", "Lounge"];
  credentials.accept(tokensOf("ana"));
  live = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "bearer" });
  live.on("connection", () => tell("snapshot", { stations: [], sessions: [] }));
  await new Promise((resolve) => live.once("listening", resolve));
  const { port } = live.address() as AddressInfo;
  vi.stubGlobal(
    "WebSocket",
    class extends Client {
      constructor(_url: string, protocols: string[]) {
        super(`ws://127.0.0.1:${port}`, protocols);
        this.on("error", () => undefined);
      }
    },
  );
  received = await startBackend(({ path }) => ({
    status: 200,
    body:
      path === "/api/v1/venue"
        ? { name: venue, time_zone: "UTC", locale: "en" }
        : { items: [{ id: "z", name: zone, position: null, sequence: 1 }], next_cursor: null },
  }));
});

afterEach(() => {
  vi.unstubAllGlobals();
  credentials.drop(false);
  for (const socket of live.clients) socket.terminate();
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

function tell(type: string, data: object): void {
  const frame = JSON.stringify({ type, data: { cursor: 1, server_time: "2026-11-22T20:00:00Z", ...data } });
  for (const socket of live.clients) socket.send(frame);
}

/** How often the server was asked for that. */
function asked(path: string): number {
  return received.filter((request) => request.path.split("?")[0] === path).length;
}

it("shows a new name of the venue, or of a zone, as soon as an event tells of it", async () => {
  renderPage(<Desk />);
  await screen.findByText("Arena and Lounge");
  await eventually(() => expect(live.clients.size).toBe(1));
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
  await eventually(() => expect(live.clients.size).toBe(1));
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
  await eventually(() => expect(live.clients.size).toBe(1));
  [venue, zone] = ["Arena Norte", "Bar"];
  for (const socket of live.clients) socket.close();
  await screen.findByText("Arena Norte and Bar", undefined, { timeout: 5_000 });
});
