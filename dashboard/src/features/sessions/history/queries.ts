import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { FileAnswer } from "@/components/ui/export-button";
import { answerOf, api, type Session } from "@/lib/api";
import { onNews } from "@/lib/live";
import type { HistoryQuery } from "./filters";

const PAGE = 50;
const keys = { lists: ["sessions", "history"] as const, one: (id: string) => ["sessions", "one", id] as const };

/** Sessions that match, newest first, page by page; nothing is asked while `query` isn't known. */
export function useHistory(query: HistoryQuery | undefined) {
  return useInfiniteQuery({
    queryKey: [...keys.lists, query],
    enabled: query !== undefined,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET("/api/v1/sessions", {
          params: { query: { ...query, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function useSession(id: string) {
  return useQuery({
    queryKey: keys.one(id),
    queryFn: (): Promise<Session> =>
      answerOf(api.GET("/api/v1/sessions/{session_id}", { params: { path: { session_id: id } } })),
  });
}

/** Events come one by one on a busy evening; a list is read again at most this often. */
const FRESH_EVERY_MS = 3_000;

/** Keeps lists and open details as they are on the server while the live connection is there. */
export function useFreshHistory(): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: keys.lists });
      void queries.invalidateQueries({ queryKey: ["sessions", "one"] });
    };
    const stop = onNews((news) => {
      if (news !== null && !news.some(({ type }) => type.startsWith("SESSION_"))) return;
      timer ??= setTimeout(refresh, news === null ? 0 : FRESH_EVERY_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [queries]);
}

/** All sessions that match as a CSV file. */
export function sessionsFile(query: HistoryQuery): FileAnswer {
  return api.GET("/api/v1/sessions.csv", { params: { query }, parseAs: "blob" });
}
