// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import type { Session } from "@/lib/api";
import { clock, floor } from "@/lib/live";
import { link } from "@/lib/live/live";
import { after, aSession, aStation } from "../../../../tests/floor";
import { renderPage } from "../../../../tests/render";
import { filter, NO_FILTER } from "../filter";
import { Counts } from "./counts";
import { StationTile } from "./station-tile";

const waiting = aSession(3600, { status: "pending", delivery: "sending" });

beforeEach(() => {
  filter.set(NO_FILTER);
  clock.correct(after(0), true);
  link.set({ live: true, since: 0 });
});

function show(session: Session) {
  const stations = [aStation({ session }), aStation({ id: "station-2", name: "PC-02" })];
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions: [session] } });
}

function renderFloor() {
  renderPage(
    <>
      <Counts />
      <StationTile id="station-1" selected={false} startable onSelect={() => undefined} />
      <StationTile id="station-2" selected={false} startable onSelect={() => undefined} />
    </>,
  );
}

it("counts what should be looked at, as soon as the server warns and until it doesn't", () => {
  show(waiting);
  renderFloor();
  expect(screen.queryByRole("button", { name: "1 To check" })).toBeNull();
  act(() => show({ ...waiting, warning: "unconfirmed" }));
  expect(screen.getByRole("button", { name: "1 To check" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "1 Waiting" })).toBeTruthy();
  act(() => show(aSession(3600, { version: 2 })));
  expect(screen.queryByRole("button", { name: "1 To check" })).toBeNull();
});

it("finds what should be looked at", async () => {
  show({ ...waiting, warning: "open_failed" });
  renderFloor();
  const tiles = () => screen.getAllByRole("button", { name: /^PC-0/ }).map((tile) => "dimmed" in tile.dataset);
  expect(tiles()).toEqual([false, false]);
  await userEvent.click(screen.getByRole("button", { name: "1 To check" }));
  expect(tiles()).toEqual([false, true]);
});

it("shows a warned tile with its mark and both words, and speaks them", () => {
  show({ ...waiting, warning: "open_failed" });
  renderFloor();
  const tile = screen.getByRole("button", { name: "PC-01, waiting for the PC, Marta K., Sending, PC can’t open" });
  expect(tile.dataset).toMatchObject({ state: "waiting", warned: "" });
  expect(tile.textContent).toContain("SendingPC can’t open");
});

it("counts a session whose PC is offline by its time as well", () => {
  show(aSession(200));
  renderFloor();
  const under5 = () => screen.getByRole("button", { name: /under 5 min/ }).textContent;
  expect(under5()).toBe("1 under 5 min");
  const stations = [aStation({ connected: false, session: aSession(200) })];
  act(() => floor.apply({ type: "delta", data: { cursor: 2, stations } }));
  expect(screen.getByRole("button", { name: "1 Offline" })).toBeTruthy();
  expect(under5()).toBe("1 under 5 min");
});
