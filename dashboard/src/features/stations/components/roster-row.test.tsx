// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { clock, floor } from "@/lib/live";
import { after, aSession, aStation } from "../../../../tests/floor";
import { renderPage } from "../../../../tests/render";
import { StateLine } from "./roster-row";

function show(secondsAfterTheEnd: number): void {
  const session = aSession(-secondsAfterTheEnd, {
    status: "ended",
    end_reason: "expired",
    ended_at: after(-secondsAfterTheEnd),
  });
  const station = aStation({ locked: false, connected: true, session: null });
  clock.correct(after(0), true);
  floor.apply({
    type: "snapshot",
    data: { cursor: 1, server_time: after(0), stations: [station], sessions: [session] },
  });
  renderPage(<StateLine station={station} />);
}

it("says that a PC is open without a session", () => {
  show(3600);
  expect(screen.getByText("Open without a session")).toBeTruthy();
});

it("takes a PC in its grace for what it is", () => {
  show(10);
  expect(screen.queryByText("Open without a session")).toBeNull();
  expect(screen.getByText("Time up")).toBeTruthy();
});
