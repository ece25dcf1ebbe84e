import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { credentials, type Session, type Station } from "@/lib/api";
import { clock, floor, useEntry } from "@/lib/live";
import { link } from "@/lib/live/live";
import { DeskDialogs } from "../src/features/sessions/components/desk-dialogs";
import { PanelBody } from "../src/features/sessions/components/panel-body";
import { startBackend, type Answer, type Received } from "./backend";
import { after, aStation } from "./floor";
import { renderPage } from "./render";

/** What the server knows beside the floor, and where the panel went. */
export interface World {
  role: string;
  venue: object;
  earlier: Session[];
  grants: object[];
  moved: string[];
  /** Paths with their query at which the server fails. */
  failing: RegExp | null;
}

const venue = {
  ...{ time_zone: "UTC", locale: "en-GB", min_minutes: 1, max_minutes: 1440, step_minutes: 1 },
  ...{ auto_lock: null, auto_logout: null, max_pause_minutes: 30 },
};

/** A signed-in attendant before a live floor at 20:00. */
export function aWorld(): World {
  credentials.accept({ access_token: "token", token_type: "bearer", expires_in: 1800 });
  clock.correct(after(0), true);
  link.set({ live: true, since: 0 });
  return { role: "attendant", venue, earlier: [], grants: [], moved: [], failing: null };
}

/** Opens the panel of station-1, which follows the floor, before a server that answers actions as `act` says. */
export async function openLivePanel(
  world: World,
  session: Session | null,
  act: (request: Received) => Answer,
  others: Station[] = [],
): Promise<() => Received[]> {
  const received = await startBackend((request) => {
    if (request.method === "GET" && world.failing?.test(request.path)) return { status: 503, body: {} };
    if (request.path === "/api/v1/venue") return { status: 200, body: world.venue };
    if (request.path === "/api/v1/auth/me") return { status: 200, body: { username: "ana", role: world.role } };
    if (request.path.endsWith("/grants")) return { status: 200, body: { items: world.grants, next_cursor: null } };
    if (request.method === "GET") return { status: 200, body: { items: world.earlier, next_cursor: null } };
    return act(request);
  });
  const live = session?.status === "ended" ? null : session;
  const stations = [aStation({ locked: live === null, session: live }), ...others];
  const sessions = session ? [session] : [];
  floor.apply({ type: "snapshot", data: { cursor: 1, server_time: after(0), stations, sessions } });
  renderPage(
    <>
      <Following world={world} />
      <DeskDialogs />
    </>,
  );
  return () => received.filter(({ method }) => method === "POST");
}

function Following({ world }: { world: World }) {
  const entry = useEntry("station-1");
  return entry && <PanelBody entry={entry} onMoved={(id) => world.moved.push(id)} />;
}

export async function press(name: string | RegExp): Promise<void> {
  await userEvent.click(await screen.findByRole("button", { name }));
}
