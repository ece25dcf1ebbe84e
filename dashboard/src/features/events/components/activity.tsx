"use client";

import { DateRange } from "@/components/ui/date-range";
import { FilterBar } from "@/components/ui/filters";
import { Page } from "@/components/ui/page";
import { Segmented } from "@/components/ui/segmented";
import { useWords } from "@/lib/i18n";
import { LivePill } from "@/features/stations";
import { useBusinessDays } from "@/features/venues";
import { queryOf, useActivityAddress, type ActivityAddress } from "../filters";
import { useLog } from "../queries";
import { Anomalies } from "./anomalies";
import { EventDetail } from "./event-detail";
import { LogFilters } from "./log-filters";
import { Log } from "./log";

/** The event log as it is written, and what shouldn't have happened. */
export function ActivityPage() {
  const address = useActivityAddress();
  return address.tab === "log" ? <LogTab address={address} /> : <AnomaliesTab address={address} />;
}

function LogTab({ address }: { address: ActivityAddress }) {
  const title = useWords("shell")("pages.activity");
  const calendar = useBusinessDays();
  const query = calendar && queryOf(address.filters, calendar);
  const log = useLog(query);
  const { open, show } = address;
  const events = log.events ?? [];
  const place = events.findIndex(({ id }) => id === open);
  const idAt = (index: number): number | null => (place < 0 ? null : (events[index]?.id ?? null));
  return (
    <Page
      title={title}
      aside={<LivePill />}
      actions={<Choice address={address} />}
      below={<LogFilters address={address} events={events} />}
      panel={
        open !== null &&
        log.events !== undefined && (
          <EventDetail
            event={events[place]}
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
  const calendar = useBusinessDays();
  const days = address.filters.days === "all" ? "30" : address.filters.days;
  return (
    <Page
      title={title}
      aside={<LivePill />}
      actions={<Choice address={address} />}
      below={
        <FilterBar label={words("filters.label")}>
          {calendar && (
            <DateRange
              value={days}
              onChange={(next) => address.change({ days: next })}
              today={calendar.today}
              presets={["today", "yesterday", "7", "30"]}
            />
          )}
        </FilterBar>
      }
    >
      <Anomalies days={days} />
    </Page>
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
