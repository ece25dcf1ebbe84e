// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { clock, floor } from "@/lib/live";
import { after, aSession, aStation } from "../../../../tests/floor";
import { renderPage } from "../../../../tests/render";
import { filter, NO_FILTER } from "../filter";
import { StationSearch } from "./station-search";

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  filter.set(NO_FILTER);
  clock.correct(after(0), true);
  const session = aSession(600);
  const stations = [aStation({ session })];
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions: [session] } });
  renderPage(<StationSearch />);
});

it("says that nothing is found, as long as that is so", async () => {
  const said = () => screen.getByRole("status").textContent;
  const field = screen.getByLabelText("Find on the floor");
  await userEvent.type(field, "mart");
  expect(said()).toBe("");
  await userEvent.type(field, "in");
  expect(said()).toBe("No station or player is called “martin”.");
  await userEvent.click(screen.getByRole("button", { name: "Clear the search" }));
  expect(said()).toBe("");
});
