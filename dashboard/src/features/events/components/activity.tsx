"use client";

import { useCallback } from "react";
import { ExportButton } from "@/components/ui/export-button";
import { FilterBar, SearchField } from "@/components/ui/filters";
import { later } from "@/components/ui/later";
import { Page } from "@/components/ui/page";
import { Segmented } from "@/components/ui/segmented";
import { useWords } from "@/lib/i18n";
import { LivePill } from "@/features/stations";
import { daysOf } from "@/lib/time";
import { DaysFilter, useBusinessDays } from "@/features/venues";
import { MAX_TEXT, queryOf, useActivityAddress, type ActivityAddress } from "../filters";
import { eventsFile, useEvent, useLog } from "../queries";
import { Anomalies } from "./anomalies";
import { LogFilters } from "./log-filters";
import { Log } from "./log";

const EventDetail = later(async () => (await import("./event-detail")).EventDetail);

/** The event log as it is written, and what shouldn't have happened. */
export function ActivityPage() {
  const address = useActivityAddress();
  return address.tab === "log" ? <LogTab address={address} /> : <AnomaliesTab address={address} />;
}

function LogTab({ address }: { address: ActivityAddress }) {
  const title = useWords("shell")("pages.activity");
  const calendar = useBusinessDays();
  const query = calendar && queryOf(address.filters, calendar);
  const days = calendar ? daysOf(address.filters.days, calendar.today) : null;
  const log = useLog(query);
  const { open, show } = address;
  const events = log.events ?? [];
  const place = events.findIndex(({ id }) => id === open);
  const known = events[place];
  const single = useEvent(open, log.events === undefined ? undefined : known);
  const idAt = (index: number): number | null => (place < 0 ? null : (events[index]?.id ?? null));
  return (
    <Page
      title={title}
      aside={<LivePill />}
      actions={
        <>
          <Search address={address} />
          <Choice address={address} />
          <ExportButton
            name={days === null ? "events.csv" : `events-${days.from}-${days.to}.csv`}
            fetchFile={query ? () => eventsFile(query) : undefined}
          />
        </>
      }
      below={<LogFilters address={address} events={events} />}
      panel={
        open !== null &&
        (known !== undefined || !single.isPending) && (
          <EventDetail
            event={known ?? single.data}
            later={idAt(place - 1)}
            earlier={idAt(place + 1)}
            onShow={show}
            onClose={() => show(null)}
          />
        )
      }
    >
      <Log address={address} log={log} none={query === null} />
    </Page>
  );
}

function AnomaliesTab({ address }: { address: ActivityAddress }) {
  const title = useWords("shell")("pages.activity");
  const words = useWords("activity");
  const days = address.filters.days === "all" ? "30" : address.filters.days;
  return (
    <Page
      title={title}
      aside={<LivePill />}
      actions={<Choice address={address} />}
      below={
        <FilterBar label={words("filters.label")}>
          <DaysFilter
            value={days}
            presets={["today", "yesterday", "7", "30"]}
            onChange={(next) => address.change({ days: next })}
          />
        </FilterBar>
      }
    >
      <Anomalies days={days} />
    </Page>
  );
}

function Search({ address: { filters, change } }: { address: ActivityAddress }) {
  const words = useWords("activity");
  const search = useCallback((q: string) => change({ q }), [change]);
  return (
    <SearchField
      label={words("search.label")}
      placeholder={words("search.placeholder")}
      clear={words("search.clear")}
      value={filters.text}
      maxLength={MAX_TEXT}
      onSearch={search}
    />
  );
}

function Choice({ address: { tab, change } }: { address: ActivityAddress }) {
  const words = useWords("activity");
  return (
    <Segmented
      label={words("tabs.label")}
      value={tab}
      onChange={(next) => change({ tab: next === "log" ? null : next, id: null })}
      segments={[
        { value: "log", label: words("tabs.log") },
        { value: "anomalies", label: words("tabs.anomalies") },
      ]}
    />
  );
}
