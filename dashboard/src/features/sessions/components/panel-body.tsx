"use client";

import { useCallback, useEffect, useState } from "react";
import { Tabs } from "@/components/ui/tabs";
import { useWords } from "@/lib/i18n";
import { useLink, useStationView, type Entry } from "@/lib/live";
import { useMayRunSessions } from "@/features/staff";
import { deriveTile, type TileView } from "@/features/stations";
import { useDraftOfPanel } from "../drafts";
import { stopMoving, useMoving } from "../moving";
import { ConfirmOpen } from "./confirm-open";
import { EarlierHere } from "./earlier-here";
import { Explanation } from "./explanation";
import { ExtendChoices } from "./extend-choices";
import { InGrace } from "./in-grace";
import { Ledger } from "./ledger";
import { MoveForm, type OnMoved } from "./move-form";
import { Refused } from "./refused";
import { SessionActions } from "./session-actions";
import { SessionTime } from "./session-time";
import { StartForm } from "./start-form";
import { StationFacts } from "./station-facts";
import { StationLog } from "./station-log";

export interface PanelBodyProps {
  entry: Entry;
  onMoved?: OnMoved;
}

const stay = () => undefined;

/** What can be done at this station now, and what is known of it. */
export function PanelBody({ entry, onMoved = stay }: PanelBodyProps) {
  const { station, session } = entry;
  const { live } = useLink();
  const derive = useCallback((known: Entry, now: number) => deriveTile(known, now, live), [live]);
  const view = useStationView(station.id, derive);
  useDraftOfPanel(station.id);
  useEffect(() => stopMoving, [station.id]);
  if (!view) return null;
  const over = view.state === "time-up";
  const running = session !== null && session.status !== "ended" && !over;

  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pt-4 max-md:pb-4">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 wrap-anywhere">
        {session !== null && (running || over) && <SessionTime session={session} view={view} />}
        <Explanation entry={entry} view={view} />
        <Acts entry={entry} view={view} running={running} onMoved={onMoved} />
        {session !== null && (running || over) && <Ledger session={session} view={view} />}
        <Past entry={entry} />
      </div>
      <StationFacts station={station} session={running ? session : null} />
    </div>
  );
}

interface ActsProps {
  entry: Entry;
  view: TileView;
  running: boolean;
  onMoved: OnMoved;
}

/** What the person at the desk may do here. */
function Acts({ entry: { station, session }, view, running, onMoved }: ActsProps) {
  const mayRun = useMayRunSessions();
  const moving = useMoving();
  if (!mayRun) return null;
  const refused = <Refused station={station.id} />;
  if (session !== null && running) {
    if (moving?.id === session.id) return <MoveForm station={station} session={session} onMoved={onMoved} />;
    return (
      <>
        {session.warning !== null && <ConfirmOpen name={station.name} session={session} />}
        <div className="grid gap-2">
          <ExtendChoices session={session} />
          <SessionActions station={station} session={session} />
        </div>
        {refused}
      </>
    );
  }
  if (session !== null && view.state === "time-up") {
    return (
      <>
        {refused}
        <InGrace key={session.id} station={station} session={session} />
      </>
    );
  }
  return (
    <>
      {refused}
      {(view.state === "free" || view.state === "no-pc") && <StartForm station={station} ending={null} />}
    </>
  );
}

/** Who was here, and what happened here. */
function Past({ entry }: { entry: Entry }) {
  const words = useWords("sessions");
  const [shown, show] = useState<"players" | "events">("players");
  return (
    <Tabs
      label={words("past.label")}
      value={shown}
      onChange={show}
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
      tabs={[
        { value: "players", label: words("past.players"), content: <EarlierHere entry={entry} /> },
        { value: "events", label: words("past.events"), content: <StationLog entry={entry} /> },
      ]}
    />
  );
}
