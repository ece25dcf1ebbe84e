// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { SearchParamsContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import { beforeEach, expect, it, vi } from "vitest";
import { floor } from "@/lib/live";
import { startBackend } from "../../../../tests/backend";
import { after, aSession, aStation } from "../../../../tests/floor";
import { aWorld, press } from "../../../../tests/panel";
import { renderPage } from "../../../../tests/render";
import { DeskDialogs } from "./desk-dialogs";
import { StationPanel } from "./station-panel";

let phone: boolean;
const watchers = new Set<() => void>();

function resize(next: boolean): void {
  phone = next;
  act(() => watchers.forEach((tell) => tell()));
}

beforeEach(async () => {
  const { venue } = aWorld();
  phone = false;
  watchers.clear();
  vi.stubGlobal("matchMedia", () => ({
    get matches() {
      return phone;
    },
    addEventListener: (_: string, tell: () => void) => watchers.add(tell),
    removeEventListener: (_: string, tell: () => void) => watchers.delete(tell),
  }));
  await startBackend(({ path }) => {
    if (path === "/api/v1/venue") return { status: 200, body: venue };
    return { status: 200, body: path === "/api/v1/auth/me" ? { role: "attendant" } : { items: [], next_cursor: null } };
  });
});

function open(session: ReturnType<typeof aSession> | null): void {
  const stations = [aStation({ session })];
  floor.apply({
    type: "snapshot",
    data: { cursor: 1, server_time: after(0), stations, sessions: session ? [session] : [] },
  });
  renderPage(
    <SearchParamsContext.Provider value={new URLSearchParams("station=station-1")}>
      <div data-desk>
        <main>the floor</main>
        <StationPanel />
        <DeskDialogs />
      </div>
    </SearchParamsContext.Provider>,
  );
}

it("keeps what was typed when the window crosses from desk to phone width and back", async () => {
  open(null);
  await userEvent.type(await screen.findByLabelText("Player"), "Selin K.");
  for (const width of [true, false]) {
    resize(width);
    expect(screen.getByRole("dialog", { name: "PC-01" }).classList.contains("sheet")).toBe(width);
    // jsdom has no `inert` of its own: it is the plain property that the browser gives its meaning.
    expect(screen.getByText<HTMLElement>("the floor").inert ?? false).toBe(width);
    expect(screen.getByLabelText<HTMLInputElement>("Player").value).toBe("Selin K.");
  }
});

it("keeps a question open when the window crosses from desk to phone width", async () => {
  open(aSession(402));
  await press("End");
  resize(true);
  expect(await screen.findByRole("alertdialog", { name: "End PC-01 now?" })).toBeTruthy();
});
