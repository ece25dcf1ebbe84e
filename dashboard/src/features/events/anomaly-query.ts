import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { answerOf, api } from "@/lib/api";
import { useFreshOn } from "@/lib/live";
import type { Days } from "@/lib/time";

// Apart from the other queries, because the badge in every page's navigation asks this one and needs no more of the log.
const PAGE = 50;
const ANOMALIES = ["events", "anomalies"] as const;

/** What shouldn't have happened in these business days, newest first. */
export function useAnomalies(days: Days | undefined) {
  useFreshOn(isAnomaly, ANOMALIES);
  return useInfiniteQuery({
    queryKey: [...ANOMALIES, days],
    enabled: days !== undefined,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET("/api/v1/reports/anomalies", {
          params: { query: { ...days, limit: PAGE, ...(pageParam !== null && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

const isAnomaly = (type: string): boolean => type.startsWith("ANOMALY_");
