"use client";

import { useCallback } from "react";
import { useLink, useStationView, type Entry } from "@/lib/live";
import { deriveTile } from "@/features/stations";
import { useMayRunSessions } from "@/features/staff";
import { ConfirmOpen } from "./confirm-open";
import { EarlierHere } from "./earlier-here";
import { Explanation } from "./explanation";
import { ExtendForm } from "./extend-form";
import { InGrace } from "./in-grace";
import { Ledger } from "./ledger";
import { SessionActions } from "./session-actions";
import { SessionTime } from "./session-time";
import { StartForm } from "./start-form";
import { StationFacts } from "./station-facts";

export interface PanelBodyProps {
  entry: Entry;
  /** The session went on at another station. */
  onMoved?: (stationId: string) => void;
}

/** What can be done at this station now, and what is known of it. */
export function PanelBody({ entry, onMoved = () => undefined }: PanelBodyProps) {
  const { station, session } = entry;
  const { live } = useLink();
  const mayRun = useMayRunSessions();
  const derive = useCallback((known: Entry, now: number) => deriveTile(known, now, live), [live]);
  const view = useStationView(station.id, derive);
  if (!view) return null;
  const over = view.state === "time-up";
  const running = session !== null && session.status !== "ended" && !over;

  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pt-4 max-md:pb-4">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 wrap-anywhere">
        {session !== null && (running || over) && <SessionTime session={session} view={view} />}
        <Explanation entry={entry} view={view} />
        {mayRun && running && session.warning !== null && (
          <ConfirmOpen key={session.id} name={station.name} session={session} />
        )}
        {mayRun && running && (
          <>
            <ExtendForm key={session.id} session={session} />
            <SessionActions key={`actions-${session.id}`} station={station} session={session} onMoved={onMoved} />
          </>
        )}
        {mayRun && over && session !== null && <InGrace key={session.id} station={station} session={session} />}
        {mayRun && (view.state === "free" || view.state === "no-pc") && (
          <StartForm key={view.state} station={station} ending={null} />
        )}
        {session !== null && (running || over) && <Ledger session={session} view={view} />}
        <EarlierHere entry={entry} />
      </div>
      <StationFacts station={station} session={running ? session : null} />
    </div>
  );
}
