"use client";

import { History } from "lucide-react";
import { useCallback, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState, FailedState } from "@/components/ui/empty";
import { ExportButton } from "@/components/ui/export-button";
import { SearchField } from "@/components/ui/filters";
import { later } from "@/components/ui/later";
import { Page } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { daysOf } from "@/lib/time";
import { useBusinessDays } from "@/features/venues";
import { isFiltered, NO_FILTERS, queryOf, useHistoryAddress, type HistoryAddress } from "../filters";
import { sessionsFile, useFreshHistory, useHistory } from "../queries";
import { HistoryFilterBar } from "./history-filters";
import { HistoryList } from "./history-list";

const SessionDetail = later(async () => (await import("./session-detail")).SessionDetail);

/** Every session there was: found by name, station, zone, day and how it ended, each with its whole time. */
export function SessionHistory({ events }: { events: (sessionId: string) => ReactNode }) {
  const words = useWords("history");
  const address = useHistoryAddress();
  const { filters, open, change, show } = address;
  const search = useCallback((q: string) => change({ q }), [change]);
  useFreshHistory();
  return (
    <Page
      title={useWords("shell")("pages.sessions")}
      actions={
        <>
          <SearchField
            label={words("search.label")}
            placeholder={words("search.placeholder")}
            clear={words("search.clear")}
            value={filters.name}
            onSearch={search}
          />
          <Export address={address} />
        </>
      }
      below={<HistoryFilterBar address={address} />}
      panel={
        open !== null && (
          <SessionDetail
            key={open}
            id={open}
            onClose={() => show(null)}
            onPlayer={(name) => change({ ...NO_FILTERS, q: name, days: "all", id: null })}
            events={events}
          />
        )
      }
    >
      <Found address={address} />
    </Page>
  );
}

function Found({ address: { filters, open, change, show } }: { address: HistoryAddress }) {
  const words = useWords("history");
  const inWords = useInWords();
  const calendar = useBusinessDays();
  const history = useHistory(calendar && queryOf(filters, calendar));
  const sessions = history.data?.pages.flatMap((page) => page.items);
  if (history.isError && sessions === undefined) {
    return (
      <FailedState
        title={words("failed")}
        why={inWords(history.error)}
        onRetry={() => void history.refetch()}
        busy={history.isFetching}
      />
    );
  }
  if (sessions?.length === 0) {
    return isFiltered(filters) ? (
      <EmptyState
        Icon={History}
        title={words("nothing.title")}
        action={<Button onClick={() => change(NO_FILTERS)}>{words("nothing.action")}</Button>}
      >
        {words("nothing.text")}
      </EmptyState>
    ) : (
      <EmptyState
        Icon={History}
        title={words("empty.title")}
        action={<Button onClick={() => change({ days: "all" })}>{words("empty.action")}</Button>}
      >
        {words("empty.text")}
      </EmptyState>
    );
  }
  return (
    <>
      <p role="status" className="sr-only">
        {sessions && words("found", { count: sessions.length })}
      </p>
      <HistoryList sessions={sessions} open={open} onOpen={show} />
      <Pager
        more={history.hasNextPage}
        busy={history.isFetchingNextPage}
        onMore={() => void history.fetchNextPage()}
        problem={history.isFetchNextPageError ? inWords(history.error) : null}
      />
    </>
  );
}

function Export({ address: { filters } }: { address: HistoryAddress }) {
  const calendar = useBusinessDays();
  const days = calendar ? daysOf(filters.days, calendar.today) : null;
  return (
    <ExportButton
      name={days === null ? "sessions.csv" : `sessions-${days.from}-${days.to}.csv`}
      fetchFile={calendar && (() => sessionsFile(queryOf(filters, calendar)))}
    />
  );
}
