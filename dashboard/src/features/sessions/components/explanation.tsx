import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import type { Entry } from "@/lib/live";
import type { TileView } from "@/features/stations";
import { useVenue } from "@/features/venues";
import { afterGrace } from "../enforcement";
import { Standing } from "./standing";
import { Waiting } from "./waiting";

/** What the state means for the person at the desk, where it isn't plain. */
export function Explanation({ entry, view }: { entry: Entry; view: TileView }): ReactNode {
  const { station, session } = entry;
  const { name } = station;
  const venue = useVenue();
  switch (view.state) {
    case "no-pc":
      return (
        <Notice tone="soon" role="note">
          {name} isn’t connected. Check that the PC is on and its agent runs; it appears here by itself.
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
    case "paused":
      return session && <Standing station={station} session={session} />;
    case "time-up":
      return (
        <Notice tone="last" role="note">
          Time is over. {afterGrace(station, venue)}
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
