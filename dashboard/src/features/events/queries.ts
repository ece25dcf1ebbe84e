import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { answerOf, api, type FloorEvent } from "@/lib/api";
import type { FileAnswer } from "@/components/ui/export-button";
import { floor, onNews, useFreshOn } from "@/lib/live";
import { isWanted, type ActivityQuery } from "./filters";

const PAGE = 50;
const LOG = ["events", "log"] as const;

interface EventPage {
  items: FloorEvent[];
  next_cursor?: string | null;
}

/** Events that match, newest first. What comes in meanwhile waits in `waiting` until `takeIn` puts it at the top. */
export function useLog(query: ActivityQuery | null | undefined) {
  const queries = useQueryClient();
  const log = useInfiniteQuery({
    queryKey: [...LOG, query],
    enabled: query !== undefined && query !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }): Promise<EventPage> =>
      answerOf(
        api.GET("/api/v1/events", {
          params: { query: { ...query, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const [waiting, setWaiting] = useState<readonly FloorEvent[]>([]);
  const key = JSON.stringify(query);
  const [asked, setAsked] = useState(key);
  if (asked !== key) {
    setAsked(key);
    setWaiting([]);
  }

  useEffect(() => {
    if (!query) return;
    return onNews((news) => {
      // After a break anything may have been missed, so that the log is read again.
      if (news === null) void queries.invalidateQueries({ queryKey: LOG });
      else
        setWaiting((before) =>
          merged(
            before,
            news.filter((event) => isWanted(event, query, namesIn(event))),
          ),
        );
    });
    // The query is a new object with every second of the clock; its text says whether it is another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, queries]);

  const takeIn = useCallback(() => {
    queries.setQueryData<InfiniteData<EventPage>>([...LOG, query], (known) => {
      const [first, ...others] = known?.pages ?? [];
      if (!known || !first) return known;
      const told = new Set(known.pages.flatMap(({ items }) => items.map(({ id }) => id)));
      const items = [...waiting.filter(({ id }) => !told.has(id)), ...first.items];
      return { ...known, pages: [{ ...first, items }, ...others] };
    });
    setWaiting([]);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, queries, waiting]);

  const events = log.data?.pages.flatMap(({ items }) => items);
  const { hasNextPage, isFetching, isError, isPlaceholderData, fetchNextPage } = log;
  // A search may have looked through many events and found few, so that it goes on by itself until there is a page.
  const goesOn = query?.q !== undefined && hasNextPage && !isPlaceholderData && (events?.length ?? 0) < PAGE;
  useEffect(() => {
    if (goesOn && !isFetching && !isError) void fetchNextPage();
  }, [goesOn, isFetching, isError, fetchNextPage]);
  const known = new Set(events?.map(({ id }) => id));
  return {
    ...log,
    events,
    searching: goesOn && !isError,
    waiting: waiting.filter(({ id }) => !known.has(id)).length,
    takeIn,
  };
}

/** What station and player of an event are called, as far as the floor knows. */
function namesIn({ station_id: stationId, session_id: sessionId }: FloorEvent): string[] {
  const entry = stationId === null ? null : floor.entry(stationId).get();
  if (!entry) return [];
  return [entry.station.name, ...(entry.session?.id === sessionId ? [entry.session.user_name ?? ""] : [])];
}

/** One event by its number, unless it is known already. */
export function useEvent(id: number | null, known: FloorEvent | undefined) {
  return useQuery({
    queryKey: ["events", "one", id],
    enabled: id !== null && known === undefined,
    queryFn: (): Promise<FloorEvent> =>
      answerOf(api.GET("/api/v1/events/{event_id}", { params: { path: { event_id: id ?? 0 } } })),
  });
}

/** All events that match as a CSV file. */
export function eventsFile(query: ActivityQuery): FileAnswer {
  return api.GET("/api/v1/events.csv", { params: { query }, parseAs: "blob" });
}

/** Those that came, the newest first, each once. */
function merged(before: readonly FloorEvent[], more: readonly FloorEvent[]): readonly FloorEvent[] {
  if (more.length === 0) return before;
  const all = new Map([...before, ...more].map((event) => [event.id, event]));
  return [...all.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.id - a.id);
}

/** What the log says of a session, the oldest first. */
export function useSessionEvents(sessionId: string | null) {
  useFreshOn(isOfSessions, ["events", "session"]);
  return useQuery({
    queryKey: ["events", "session", sessionId],
    enabled: sessionId !== null,
    queryFn: async () =>
      (await answerOf(api.GET("/api/v1/events", { params: { query: { session_id: sessionId, limit: 200 } } }))).items,
    select: oldestFirst,
  });
}

const isOfSessions = (type: string): boolean => type.startsWith("SESSION_");

function oldestFirst(events: FloorEvent[]): FloorEvent[] {
  return [...events].reverse();
}
