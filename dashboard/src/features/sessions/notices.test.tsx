// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Toasts } from "@/components/ui/toasts";
import { credentials, type FloorEvent } from "@/lib/api";
import { startLive } from "@/lib/live";
import { venueTime } from "@/lib/time";
import { startBackend } from "../../../tests/backend";
import { eventually } from "../../../tests/eventually";
import { after, aSession, aStation } from "../../../tests/floor";
import { startLiveServer, type LiveServer } from "../../../tests/live-server";
import { renderPage } from "../../../tests/render";
import { tokensOf } from "../../../tests/tokens";
import { english } from "../../../tests/words";
import { noticeOf } from "./notices";
import { useServerNotices } from "./use-server-notices";

const anEvent = (type: string, data: object = {}, id = 1): FloorEvent => ({
  ...{ id, type, at: after(0), station_id: "station-1", session_id: "session-1", request_id: null },
  actor: { kind: "system", id: null, name: "GameOps" },
  data: { ...data },
});

describe("what is said", () => {
  const words = (type: string, data: object = {}) =>
    noticeOf(anEvent(type, data), "PC-01", "Marta K.", venueTime("UTC", "en-GB", "en"), english("sessions"));

  it.each([
    ["SESSION_RESUMED", { automatic: true }, "PC-01 went on by itself: the longest pause is over."],
    ["SESSION_ENDED", { reason: "never_opened" }, "PC-01 never opened for Marta K., so that session has ended."],
    ["ANOMALY_RAN_WITHOUT_SESSION", { from_at: after(-60) }, "PC-01 has been open without a session since 19:59."],
    ["ANOMALY_AGENT_ABSENT", { from_at: after(-60) }, "PC-01 hasn’t answered since 19:59 although its session runs."],
    ["ANOMALY_OF_TOMORROW", {}, "Something odd happened on PC-01. The event log has it."],
  ])("of %s %j is: %s", (type, data, said) => {
    expect(words(type, data)).toBe(said);
  });

  it.each([
    ["SESSION_RESUMED", { automatic: false }],
    ["SESSION_ENDED", { reason: "manual_stop" }],
    ["SESSION_UNCONFIRMED", {}],
    ["SESSION_EXTENDED", {}],
  ])("of %s %j is nothing: somebody did it, or the tile shows it", (type, data) => {
    expect(words(type, data)).toBeNull();
  });
});

describe("at the desk", () => {
  let live: LiveServer;

  beforeEach(async () => {
    credentials.accept(tokensOf("ana"));
    const session = aSession(600);
    live = await startLiveServer({ stations: [aStation({ session })], sessions: [session] });
    await startBackend(() => ({ status: 200, body: { time_zone: "UTC", locale: "en-GB" } }));
  });

  afterEach(() => {
    credentials.drop(false);
    live.close();
  });

  it("is said once, politely, and can be dismissed", async () => {
    renderPage(<Desk />);
    await eventually(() => expect(live.server.clients.size).toBe(1));
    const events = [anEvent("SESSION_RESUMED", { automatic: true }), anEvent("SESSION_EXTENDED", {}, 2)];
    live.tell("delta", { events });
    live.tell("delta", { events });
    const said = await screen.findByText("PC-01 went on by itself: the longest pause is over.");
    expect(said.closest("[aria-live]")?.getAttribute("aria-live")).toBe("polite");
    expect(screen.getAllByRole("listitem")).toHaveLength(1);
    // By the keyboard: jsdom has no pointer capture, which a press asks for.
    screen.getByRole("button", { name: "Close toast" }).focus();
    await userEvent.keyboard("{Enter}");
    await eventually(() => expect(screen.queryByRole("listitem")).toBeNull());
  });
});

function Desk() {
  useEffect(startLive, []);
  useServerNotices();
  return <Toasts visibleToasts={3} expand />;
}
