"use client";

import { CircleCheck, Hand, LogOut, Plug, TriangleAlert, WifiOff, Wrench } from "lucide-react";
import { memo, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Cell, Row, RowButton } from "@/components/ui/table";
import type { Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { useEntry, useLink, useStationView, type Entry } from "@/lib/live";
import { useVenueTime } from "@/features/venues";
import { kindIcons } from "../kinds";
import { contactOf, isOlder } from "../roster";
import { graceLeft } from "../tile";

export const WIDE_ONLY = "@max-[1000px]:hidden";
/** On a phone two columns are enough: the state stands below the connection. */
const NARROW_ROW = "max-md:py-3";

export interface RosterRowProps {
  station: Station;
  newest: string | null;
  selected: boolean;
  mayManage: boolean;
  onSelect: (id: string) => void;
  onConnect: (id: string) => void;
}

/** One station in the list of all. */
export const RosterRow = memo(function RosterRow(props: RosterRowProps) {
  const { station, newest, selected, mayManage, onSelect, onConnect } = props;
  const words = useWords("places");
  const { live } = useLink();
  const KindIcon = kindIcons[station.kind];
  const older = isOlder(station, newest);
  const contact = (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <ContactLine station={station} />
      {mayManage && contactOf(station) === "never" && (
        // Above the row, which can be pressed itself.
        <Button className="relative z-10 h-7 max-md:h-11" disabled={!live} onClick={() => onConnect(station.id)}>
          {words("connect.open")}
        </Button>
      )}
    </div>
  );
  return (
    <Row selected={selected}>
      <Cell className={cn(NARROW_ROW, "max-md:align-top")}>
        <RowButton
          current={selected}
          onClick={() => onSelect(station.id)}
          className="flex items-center gap-2.5 font-semibold whitespace-nowrap"
        >
          <KindIcon size={15} className="shrink-0 text-ink-3" aria-hidden />
          {station.name}
        </RowButton>
      </Cell>
      <Cell className={NARROW_ROW}>
        {contact}
        <div className="mt-1 md:hidden">
          <StateLine station={station} />
        </div>
      </Cell>
      <Cell className="max-md:hidden">
        <StateLine station={station} />
      </Cell>
      <Cell className="whitespace-nowrap @max-[720px]:hidden">
        {station.driver === "agent" && station.agent_version !== null && (
          <span className="flex items-center gap-1.5">
            {older && <TriangleAlert size={14} className="text-soon" aria-hidden />}
            <bdi className="tabular-nums">{station.agent_version}</bdi>
            {older && <span className="text-ink-3">{words("versions.isOlder")}</span>}
          </span>
        )}
      </Cell>
      <Cell className={WIDE_ONLY}>
        <span className="line-clamp-1 text-ink-2">{station.driver === "agent" && station.pc?.os}</span>
      </Cell>
    </Row>
  );
});

function Line({ mark, children, aside }: { mark?: ReactNode; children: ReactNode; aside?: ReactNode }) {
  return (
    <span className="flex items-center gap-2">
      {mark}
      <span>
        {children}
        {aside && <span className="text-ink-3"> {aside}</span>}
      </span>
    </span>
  );
}

/** How a station stands to its PC, and when that was last heard. */
export function ContactLine({ station }: { station: Station }) {
  const words = useWords("places");
  const time = useVenueTime();
  const contact = contactOf(station);
  if (contact === "connected") {
    return (
      <Line mark={<CircleCheck size={14} className="shrink-0 text-ok" aria-hidden />}>
        {words("contact.connected")}
      </Line>
    );
  }
  if (contact === "byHand") {
    return <Line mark={<Hand size={14} className="shrink-0 text-ink-3" aria-hidden />}>{words("contact.byHand")}</Line>;
  }
  if (contact === "never" || station.last_seen === null) {
    return <Line mark={<Plug size={14} className="shrink-0 text-ink-3" aria-hidden />}>{words("contact.never")}</Line>;
  }
  const seen = Date.parse(station.last_seen);
  return (
    <Line
      mark={<WifiOff size={14} className="shrink-0 text-ink-2" aria-hidden />}
      aside={words("contact.seen", { day: time.day(seen), time: time.clock(seen) })}
    >
      {words("contact.away")}
    </Line>
  );
}

/** What goes on there, as far as that matters to whoever looks after stations. */
export function StateLine({ station }: { station: Station }) {
  const words = useWords("places");
  if (station.service === "maintenance") {
    return (
      <Line mark={<Wrench size={14} className="shrink-0 text-ink-3" aria-hidden />} aside={station.maintenance_note}>
        {words("state.maintenance")}
      </Line>
    );
  }
  if (station.status === "in_session") return <Occupied station={station} />;
  if (station.driver === "manual") return words("state.free");
  if (station.locked === null || !station.connected)
    return <span className="text-ink-3">{words("state.unknown")}</span>;
  return station.locked ? words("state.locked") : <Open station={station} />;
}

/** Somebody has it: playing, paused, or waiting for the PC. */
function Occupied({ station }: { station: Station }) {
  const words = useWords("places");
  const stations = useWords("stations");
  const status = useEntry(station.id)?.session?.status;
  if (status === "pending") return stations("counts.waiting");
  return status === "paused" ? stations("counts.paused") : words("state.inSession");
}

/** Open without a running session: while a grace runs that is as it should be. */
function Open({ station }: { station: Station }) {
  const words = useWords("places");
  const stations = useWords("stations");
  const view = useStationView(station.id, inGrace);
  if (view?.grace) {
    return (
      <Line mark={<LogOut size={14} className="shrink-0 text-last rtl:-scale-x-100" aria-hidden />}>
        {stations("words.timeUp")}
      </Line>
    );
  }
  return (
    <Line mark={<TriangleAlert size={14} className="shrink-0 text-soon" aria-hidden />}>{words("state.open")}</Line>
  );
}

function inGrace({ session }: Entry, now: number): { grace: boolean } {
  return { grace: session !== null && graceLeft(session, now) !== null };
}
