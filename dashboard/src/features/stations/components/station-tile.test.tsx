// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { clock, floor } from "@/lib/live";
import { link } from "@/lib/live/live";
import { after, aSession, aStation } from "../../../../tests/floor";
import { renderPage } from "../../../../tests/render";
import { StationTile } from "./station-tile";

const pressed: string[] = [];
const session = aSession(402, { user_name: "Oğuzhan T." });

beforeEach(() => {
  pressed.length = 0;
  clock.correct(after(0), true);
  link.set({ live: true, since: 0 });
  const stations = [aStation({ locked: false, session })];
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions: [session] } });
  renderPage(<StationTile id="station-1" selected={false} startable onSelect={(id) => pressed.push(id)} />);
});

it("is a button whose name begins with its station's and has no seconds", async () => {
  const tile = screen.getByRole("button", { name: "PC-01, in session, Oğuzhan T., 6 minutes left, open" });
  await userEvent.click(tile);
  expect(pressed).toEqual(["station-1"]);
});

it("counts down with the server's clock", () => {
  expect(screen.getByTestId("time-left").textContent).toBe("06:42");
  act(() => clock.correct(after(1), true));
  expect(screen.getByTestId("time-left").textContent).toBe("06:41");
});

it("changes its state and colour with the time, and with the server's word", () => {
  const tile = screen.getByRole("button");
  expect(tile.dataset.state).toBe("soon");
  act(() => clock.correct(after(103), true));
  expect(tile.dataset.state).toBe("last");
  act(() => clock.correct(after(402), true));
  expect(tile.dataset.state).toBe("time-up");
  act(() => floor.apply({ type: "delta", data: { cursor: 2, stations: [aStation()] } }));
  expect(tile.dataset.state).toBe("free");
});
