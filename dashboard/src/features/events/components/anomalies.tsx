"use client";

import { Activity, CircleCheck, History } from "lucide-react";
import Link from "next/link";
import { EmptyState, FailedState } from "@/components/ui/empty";
import { Pager } from "@/components/ui/pager";
import { Bone } from "@/components/ui/table";
import { useInWords, type Anomaly } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { daysOf, useTimeWords, type DayChoice } from "@/lib/time";
import { useBusinessDays, useVenueTime } from "@/features/venues";
import { useAnomalies } from "../anomaly-query";
import { useSeeAnomalies } from "../seen";
import { aboutType } from "../types";
import type en from "@/messages/en";

type Kind = keyof (typeof en)["eventTypes"]["anomalies"];

/** What shouldn't have happened, each with what to do about it. */
export function Anomalies({ days }: { days: DayChoice }) {
  const words = useWords("activity");
  const inWords = useInWords();
  const today = useBusinessDays()?.today;
  const range = today === undefined ? undefined : (daysOf(days, today) ?? undefined);
  const found = useAnomalies(range);
  useSeeAnomalies();
  const items = found.data?.pages.flatMap((page) => page.items);
  if (found.isError && items === undefined) {
    return (
      <FailedState
        title={words("anomalies.failed")}
        why={inWords(found.error)}
        onRetry={() => void found.refetch()}
        busy={found.isFetching}
      />
    );
  }
  if (items?.length === 0) {
    return (
      <EmptyState Icon={CircleCheck} title={words("anomalies.none")}>
        {words("anomalies.noneText")}
      </EmptyState>
    );
  }
  return (
    <>
      <ul
        aria-label={words("anomalies.caption")}
        aria-busy={items === undefined}
        className="grid max-w-[920px] grid-cols-1 gap-2"
      >
        {items === undefined
          ? Array.from({ length: 4 }, (_, number) => (
              <li key={number} className="grid gap-3 rounded-[12px] border border-line bg-zone p-4 light:bg-surface">
                <Bone width="40%" />
                <Bone width="75%" />
              </li>
            ))
          : items.map((anomaly) => <Card key={anomaly.id} anomaly={anomaly} />)}
      </ul>
      <Pager
        more={found.hasNextPage}
        busy={found.isFetchingNextPage}
        onMore={() => void found.fetchNextPage()}
        problem={found.isFetchNextPageError ? inWords(found.error) : null}
      />
    </>
  );
}

const link =
  "inline-flex h-8 items-center gap-2 rounded-[7px] bg-raised px-3 font-medium whitespace-nowrap max-md:h-11";

function Card({ anomaly }: { anomaly: Anomaly }) {
  const words = useWords("activity");
  const kinds = useWords("eventTypes");
  // A newer server may know kinds that this dashboard doesn't.
  const known = kinds.has(`anomalies.${anomaly.kind as Kind}.name`);
  const key: Kind = known ? (anomaly.kind as Kind) : "unknown";
  const { Icon } = aboutType(`ANOMALY_${anomaly.kind.toUpperCase()}`);
  const { station, session_id: session, evidence } = anomaly;
  return (
    <li className="flex gap-3 rounded-[12px] border border-line bg-zone p-4 light:bg-surface">
      <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-[8px] bg-soon-soft text-soon">
        <Icon size={17} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
          <h2 className="text-[14px]/[18px] font-semibold text-pretty">
            {station && <bdi>{station.name}</bdi>} <span className="font-normal">{kinds(`anomalies.${key}.name`)}</span>
          </h2>
          <Lasted anomaly={anomaly} />
        </div>
        <p className="mt-2 text-pretty">
          <span className="font-semibold">{words("anomalies.todo")}: </span>
          <span className="text-ink-2">{kinds(`anomalies.${key}.todo`)}</span>
        </p>
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {session !== null && (
            <Link href={`/sessions/?id=${session}&days=all`} prefetch={false} className={link}>
              <History size={15} aria-hidden />
              {words("anomalies.session")}
            </Link>
          )}
          {station && (
            <Link href={`/activity/?station=${station.id}&days=7`} prefetch={false} className={link}>
              <Activity size={15} aria-hidden />
              {words("anomalies.events")}
            </Link>
          )}
        </div>
        {Object.keys(evidence).length > 0 && (
          <details className="mt-2">
            <summary className="cursor-pointer py-1 text-[12px]/4 text-ink-3">{words("anomalies.evidence")}</summary>
            <pre
              dir="ltr"
              tabIndex={0}
              aria-label={words("anomalies.evidence")}
              className="mt-1 max-h-[240px] overflow-auto rounded-[8px] bg-plan p-3 font-mono text-[11px]/4"
            >
              {JSON.stringify(evidence, null, 2)}
            </pre>
          </details>
        )}
      </div>
    </li>
  );
}

function Lasted({ anomaly: { from, to, seconds } }: { anomaly: Anomaly }) {
  const words = useWords("activity");
  const time = useVenueTime();
  const times = useTimeWords();
  const [start, end] = [Date.parse(from), to === null ? null : Date.parse(to)];
  const length = seconds < 60 ? times.ago(seconds) : times.length(Math.floor(seconds / 60));
  return (
    <span className="text-ink-3 tabular-nums">
      {time.day(start)} {time.clock(start)}
      {end !== null && end > start && `–${time.clock(end)}`}
      {end === null && ` · ${words("anomalies.lasts")}`}
      {seconds > 0 && ` · ${length}`}
    </span>
  );
}
