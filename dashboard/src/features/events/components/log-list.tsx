"use client";

import { Monitor, Server } from "lucide-react";
import type { FloorEvent } from "@/lib/api";
import { Bone, Cell, Row, RowButton, SkeletonRows, Table, type Column } from "@/components/ui/table";
import { useWords } from "@/lib/i18n";
import { useMediaQuery } from "@/lib/media";
import { useVenueTime } from "@/features/venues";
import { aboutType } from "../types";
import { playerOf, useEventWords, useStationName } from "../words";
import { EventMark } from "./event-mark";

interface ListProps {
  /** Undefined while the first page is being fetched. */
  events: readonly FloorEvent[] | undefined;
  open: number | null;
  /** Whether the days need to be told apart. */
  dated: boolean;
  onOpen: (id: number) => void;
}

/** Events as a table, or as cards on a phone. */
export function LogList(props: ListProps) {
  const phone = useMediaQuery("(max-width: 767px)");
  return phone ? <Cards {...props} /> : <AsTable {...props} />;
}

// Columns go as the list gets narrower.
const wide = "@max-[820px]:hidden";
const who = "@max-[560px]:hidden";

function AsTable({ events, open, dated, onOpen }: ListProps) {
  const words = useWords("activity");
  const columns: Column[] = [
    { name: words("columns.time"), className: dated ? "w-[158px]" : "w-[92px]" },
    { name: words("columns.what") },
    { name: words("columns.who"), className: `w-[130px] ${who}` },
    { name: words("columns.type"), className: `w-[210px] ${wide}` },
  ];
  return (
    <Table caption={words("caption")} columns={columns} busy={events === undefined}>
      {events === undefined ? (
        <SkeletonRows rows={14} columns={columns} />
      ) : (
        events.map((event) => (
          <Row key={event.id} selected={event.id === open}>
            <Cell className="whitespace-nowrap text-ink-3 tabular-nums">
              <At event={event} dated={dated} />
            </Cell>
            <Cell className="max-w-0">
              <div className="flex min-w-0 items-center gap-2.5">
                <EventMark type={event.type} />
                <RowButton
                  current={event.id === open}
                  onClick={() => onOpen(event.id)}
                  className="max-w-full min-w-0 truncate"
                >
                  <What event={event} />
                </RowButton>
              </div>
            </Cell>
            <Cell className={`max-w-[130px] text-ink-2 ${who}`}>
              <Who event={event} />
            </Cell>
            <Cell className={`font-mono text-[11px]/4 text-ink-3 ${wide}`}>{event.type}</Cell>
          </Row>
        ))
      )}
    </Table>
  );
}

function Cards({ events, open, dated, onOpen }: ListProps) {
  const words = useWords("activity");
  if (events === undefined) {
    return Array.from({ length: 7 }, (_, number) => (
      <div key={number} className="mb-2 grid gap-3 rounded-[12px] border border-line bg-zone p-4 light:bg-surface">
        <Bone width="70%" />
        <Bone width="40%" />
      </div>
    ));
  }
  return (
    <ul aria-label={words("caption")} className="grid grid-cols-1 gap-2">
      {events.map((event) => (
        <li
          key={event.id}
          className="relative flex gap-3 rounded-[12px] border border-line bg-zone px-3 py-2.5 light:bg-surface"
        >
          <EventMark type={event.type} />
          <div className="min-w-0 flex-1">
            <RowButton
              current={event.id === open}
              onClick={() => onOpen(event.id)}
              className="wrap-anywhere after:rounded-[12px]"
            >
              <What event={event} />
            </RowButton>
            <div className="mt-1 flex items-baseline gap-3 text-[12px]/4 text-ink-3 tabular-nums">
              <span className="flex-1">
                <At event={event} dated={dated} />
              </span>
              <Who event={event} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function At({ event, dated }: { event: FloorEvent; dated: boolean }) {
  const time = useVenueTime();
  const at = Date.parse(event.at);
  return <time dateTime={event.at}>{dated ? `${time.day(at)} ${time.seconds(at)}` : time.seconds(at)}</time>;
}

/** Station or zone first, what happened, and for whom or how much. */
export function What({ event, place = true }: { event: FloorEvent; place?: boolean }) {
  const words = useWords("activity");
  const said = useEventWords();
  const station = useStationName()(event.station_id);
  const player = playerOf(event);
  const more = said.more(event);
  return (
    <>
      {place && station !== null && (
        <>
          <bdi className="font-semibold">{station}</bdi>{" "}
        </>
      )}
      {said.name(event.type)}
      {player !== null && (
        <span className="text-ink-2"> {words.rich("for", { player: () => <bdi key="player">{player}</bdi> })}</span>
      )}
      {more !== null && (
        <span className="text-ink-3">
          {" "}
          <bdi className="tabular-nums">{more}</bdi>
        </span>
      )}
      {aboutType(event.type).look && <span className="sr-only">, {words("look")}</span>}
    </>
  );
}

function Who({ event }: { event: FloorEvent }) {
  const said = useEventWords();
  const Icon = { agent: Monitor, system: Server }[event.actor.kind];
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {Icon && <Icon size={13} aria-hidden className="shrink-0 text-ink-3" />}
      <bdi className="truncate">{said.who(event)}</bdi>
    </span>
  );
}
