"use client";

import type { Session } from "@/lib/api";
import { Bone, Cell, Row, RowButton, SkeletonRows, Table, type Column } from "@/components/ui/table";
import { useWords } from "@/lib/i18n";
import { useMediaQuery } from "@/lib/media";
import { useTimeWords } from "@/lib/time";
import { useVenueTime } from "@/features/venues";
import { SessionStatus } from "./status";

interface ListProps {
  /** Undefined while the first page is being fetched. */
  sessions: readonly Session[] | undefined;
  open: string | null;
  onOpen: (id: string) => void;
}

/** Sessions as a table, or as cards on a phone. */
export function HistoryList(props: ListProps) {
  const phone = useMediaQuery("(max-width: 767px)");
  return phone ? <Cards {...props} /> : <AsTable {...props} />;
}

// Columns go as the list gets narrower, whatever the page beside it shows.
const wide = "@max-[900px]:hidden";
const wider = "@max-[1040px]:hidden";

function AsTable({ sessions, open, onOpen }: ListProps) {
  const words = useWords("history");
  const columns: Column[] = [
    { name: words("columns.started"), className: "w-[150px]" },
    { name: words("columns.player") },
    { name: words("columns.station"), className: "w-[120px]" },
    { name: words("columns.granted"), end: true, className: `w-[90px] ${wide}` },
    { name: words("columns.played"), end: true, className: "w-[90px]" },
    { name: words("columns.status"), className: "w-[170px]" },
    { name: words("columns.by"), className: `w-[130px] ${wider}` },
  ];
  return (
    <Table caption={words("caption")} columns={columns} busy={sessions === undefined}>
      {sessions === undefined ? (
        <SkeletonRows rows={12} columns={columns} />
      ) : (
        sessions.map((session) => (
          <SessionRow key={session.id} session={session} current={session.id === open} onOpen={onOpen} />
        ))
      )}
    </Table>
  );
}

interface ItemProps {
  session: Session;
  current: boolean;
  onOpen: (id: string) => void;
}

function SessionRow({ session, current, onOpen }: ItemProps) {
  const common = useWords("common");
  const time = useVenueTime();
  const length = useLengths(session);
  const started = Date.parse(session.started_at);
  return (
    <Row selected={current}>
      <Cell className="whitespace-nowrap tabular-nums">
        <span className="text-ink-3">{time.day(started)}</span> {time.clock(started)}
      </Cell>
      <Cell className="max-w-0">
        <RowButton
          dir="auto"
          data-session={session.id}
          current={current}
          onClick={() => onOpen(session.id)}
          className="max-w-full truncate font-semibold"
        >
          <bdi>{session.user_name ?? common("guest")}</bdi>
        </RowButton>
      </Cell>
      <Cell className="max-w-[120px] truncate">
        <bdi>{session.station_name}</bdi>
      </Cell>
      <Cell end className={wide}>
        {length.granted}
      </Cell>
      <Cell end>{length.played}</Cell>
      <Cell className="text-ink-2">
        <SessionStatus session={session} />
      </Cell>
      <Cell className={`max-w-[130px] truncate text-ink-2 ${wider}`}>
        <bdi>{session.created_by}</bdi>
      </Cell>
    </Row>
  );
}

function Cards({ sessions, open, onOpen }: ListProps) {
  const words = useWords("history");
  if (sessions === undefined) {
    return Array.from({ length: 6 }, (_, number) => (
      <div key={number} className="mb-2 grid gap-3 rounded-[12px] border border-line bg-zone p-4 light:bg-surface">
        <Bone width="55%" />
        <Bone width="80%" />
      </div>
    ));
  }
  return (
    <ul aria-label={words("caption")} className="grid grid-cols-1 gap-2">
      {sessions.map((session) => (
        <Card key={session.id} session={session} current={session.id === open} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function Card({ session, current, onOpen }: ItemProps) {
  const words = useWords("history");
  const common = useWords("common");
  const time = useVenueTime();
  const length = useLengths(session);
  const started = Date.parse(session.started_at);
  return (
    <li className="relative rounded-[12px] border border-line bg-zone px-4 py-3 light:bg-surface">
      <div className="flex items-baseline gap-3">
        <RowButton
          dir="auto"
          data-session={session.id}
          current={current}
          onClick={() => onOpen(session.id)}
          className="min-w-0 flex-1 truncate text-[14px]/5 font-semibold after:rounded-[12px]"
        >
          <bdi>{session.user_name ?? common("guest")}</bdi>
        </RowButton>
        <span className="max-w-[40%] shrink-0 truncate text-ink-2">
          <bdi>{session.station_name}</bdi>
        </span>
      </div>
      <div className="mt-1 flex items-baseline gap-3 text-ink-3 tabular-nums">
        <span className="flex-1 truncate">
          {time.day(started)} {time.clock(started)}
        </span>
        <span>{words("playedOf", { played: length.played, granted: length.granted })}</span>
      </div>
      <SessionStatus session={session} className="mt-1.5 text-ink-2" />
    </li>
  );
}

function useLengths(session: Session): { granted: string; played: string } {
  const times = useTimeWords();
  return {
    granted: times.length(session.duration_minutes + session.extended_minutes),
    played: times.length(Math.floor(session.played_seconds / 60)),
  };
}
