"use client";

import { Activity, ArrowUp } from "lucide-react";
import { Button } from "@/components/ui/button";
import { EmptyState, FailedState } from "@/components/ui/empty";
import { Pager } from "@/components/ui/pager";
import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { isFiltered, NO_FILTERS, type ActivityAddress } from "../filters";
import type { useLog } from "../queries";
import { LogList } from "./log-list";

/** The log itself. What comes in waits behind a button, so that nothing moves under the eye. */
export function Log({
  address,
  log,
  none,
}: {
  address: ActivityAddress;
  log: ReturnType<typeof useLog>;
  none: boolean;
}) {
  const words = useWords("activity");
  const inWords = useInWords();
  const { filters, open, change, show } = address;
  if (log.isError && log.events === undefined) {
    return (
      <FailedState
        title={words("failed")}
        why={inWords(log.error)}
        onRetry={() => void log.refetch()}
        busy={log.isFetching}
      />
    );
  }
  const takeIn = () => {
    log.takeIn();
    document.querySelector("main")?.scrollTo({ top: 0 });
  };
  const empty = none || (log.events?.length === 0 && !log.hasNextPage);
  return (
    <>
      <div role="status" className="sticky top-0 z-10 grid justify-items-center">
        {log.waiting > 0 && !none && (
          <Button
            variant="primary"
            aria-label={words("freshLabel", { count: log.waiting })}
            onClick={takeIn}
            className="appear absolute top-1 rounded-full shadow-panel"
          >
            <ArrowUp size={15} aria-hidden />
            {words("fresh", { count: log.waiting })}
          </Button>
        )}
      </div>
      {empty ? (
        isFiltered(filters) ? (
          <EmptyState
            Icon={Activity}
            title={words("nothing.title")}
            action={<Button onClick={() => change(NO_FILTERS)}>{words("nothing.action")}</Button>}
          >
            {words("nothing.text")}
          </EmptyState>
        ) : (
          <EmptyState
            Icon={Activity}
            title={words("empty.title")}
            action={<Button onClick={() => change({ days: "all" })}>{words("empty.action")}</Button>}
          >
            {words("empty.text")}
          </EmptyState>
        )
      ) : (
        <>
          <LogList
            events={log.searching && log.events?.length === 0 ? undefined : log.events}
            open={open}
            dated={filters.days !== "today" && filters.days !== "yesterday"}
            onOpen={show}
          />
          <Pager
            more={log.hasNextPage}
            busy={log.isFetchingNextPage || log.searching}
            onMore={() => void log.fetchNextPage()}
            problem={log.isFetchNextPageError ? inWords(log.error) : null}
          />
        </>
      )}
    </>
  );
}
