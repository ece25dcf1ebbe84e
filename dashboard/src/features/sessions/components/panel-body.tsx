"use client";

import { useCallback, type ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { useLink, useStationView, type Entry } from "@/lib/live";
import { deriveTile, type TileView } from "@/features/stations";
import { useMayRunSessions } from "@/features/staff";
import { EndSession } from "./end-session";
import { ExtendForm } from "./extend-form";
import { SessionTime } from "./session-time";
import { StartForm } from "./start-form";
import { StationFacts } from "./station-facts";
import { Waiting } from "./waiting";

/** What can be done at this station now, and what is known of it. */
export function PanelBody({ entry }: { entry: Entry }) {
  const { station, session } = entry;
  const { live } = useLink();
  const mayRun = useMayRunSessions();
  const derive = useCallback((known: Entry, now: number) => deriveTile(known, now, live), [live]);
  const view = useStationView(station.id, derive);
  if (!view) return null;
  const running = session !== null && session.status !== "ended";
  const timed = running || view.state === "time-up";

  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pt-4 max-md:pb-4">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 wrap-anywhere">
        {session !== null && timed && <SessionTime session={session} view={view} />}
        <Explanation entry={entry} view={view} />
        {mayRun && running && session.status !== "paused" && <ExtendForm key={session.id} session={session} />}
        {mayRun && running && <EndSession key={`end-${session.id}`} station={station} session={session} />}
        {mayRun && (view.state === "free" || (view.state === "time-up" && !running)) && (
          <StartForm station={station} ending={view.state === "time-up" ? session : null} />
        )}
      </div>
      <StationFacts station={station} />
    </div>
  );
}

/** What the state means for the person at the desk, where it isn't plain. */
function Explanation({ entry, view }: { entry: Entry; view: TileView }): ReactNode {
  const { station, session } = entry;
  const { name } = station;
  switch (view.state) {
    case "no-pc":
      return (
        <Notice tone="soon" role="note">
          {name} isn’t connected, so no session can start. Check that the PC is on and its agent runs; it appears here
          by itself.
        </Notice>
      );
    case "maintenance":
      return (
        <Notice tone="wait" role="note">
          {name} is in maintenance, so no session can start here.
        </Notice>
      );
    case "offline":
      return (
        <Notice tone="soon" role="note">
          {name} stopped answering. Its session goes on and the PC ends it by itself.
        </Notice>
      );
    case "waiting":
      return session && <Waiting name={name} session={session} />;
    case "time-up":
      return (
        <Notice tone="last" role="note">
          {station.driver === "agent"
            ? `Time is over. ${name} locks and logs out when the grace ends.`
            : `Time is over. Nothing locks ${name}, so close it yourself.`}
        </Notice>
      );
    default:
      return view.surprise === null ? null : (
        <Notice tone="soon" role="note">
          {view.surprise === "open"
            ? `${name} is open without a session.`
            : `${name} is locked although its session runs.`}
        </Notice>
      );
  }
}
