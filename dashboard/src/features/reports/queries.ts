import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answerOf, api } from "@/lib/api";
import type { components } from "@/lib/api/schema";
import type { Days } from "@/lib/time";

type Schemas = components["schemas"];

export type PeakHour = Schemas["PeakHour"];
export type Use = Schemas["UtilisationRow"];

/** Everything that is shown of some days. */
export interface Figures {
  total: Schemas["Use"];
  days: Use[];
  zones: Use[];
  stations: Use[];
  hours: PeakHour[];
  /** Sessions that ended, and what they played. */
  ended: { sessions: number; played_seconds: number };
  lost_seconds: number;
  anomalies: number;
}

const STALE_MS = 60_000;

/** The figures of these days, of one zone or all; those of before stay until the new ones are there. */
export function useFigures(days: Days, zoneId: string | null) {
  return useQuery({
    queryKey: ["reports", "figures", days.from, days.to, zoneId],
    queryFn: () => figuresOf(days, zoneId),
    staleTime: STALE_MS,
    refetchInterval: 5 * STALE_MS,
    placeholderData: keepPreviousData,
  });
}

/** How each of these days was used. */
export function useDays(days: Days, zoneId: string | null): readonly Use[] | undefined {
  return useQuery({
    queryKey: ["reports", "days", days.from, days.to, zoneId],
    queryFn: async () => (await used("day", days, zoneId)).items,
    staleTime: STALE_MS,
    placeholderData: keepPreviousData,
  }).data;
}

async function figuresOf(days: Days, zoneId: string | null): Promise<Figures> {
  const query = queryOf(days, zoneId);
  const [byDay, zones, stations, hours, sessions, faults] = await Promise.all([
    used("day", days, zoneId),
    used("zone", days, zoneId),
    used("station", days, zoneId),
    answerOf(api.GET("/api/v1/reports/peak-hours", { params: { query } })),
    answerOf(api.GET("/api/v1/reports/sessions", { params: { query: { from: days.from, to: days.to } } })),
    answerOf(api.GET("/api/v1/reports/faults", { params: { query } })),
  ]);
  const ended = zoneId === null ? sessions.total : sessions.zones.find(({ zone }) => zone?.id === zoneId);
  return {
    total: byDay.total,
    days: byDay.items,
    zones: zones.items,
    stations: stations.items,
    hours: hours.items,
    ended: { sessions: ended?.sessions ?? 0, played_seconds: ended?.played_seconds ?? 0 },
    lost_seconds: faults.total.lost_seconds,
    anomalies: faults.anomalies,
  };
}

function used(group: "day" | "zone" | "station", days: Days, zoneId: string | null) {
  return answerOf(api.GET("/api/v1/reports/utilisation", { params: { query: { ...queryOf(days, zoneId), group } } }));
}

function queryOf({ from, to }: Days, zoneId: string | null) {
  return { from, to, ...(zoneId === null ? {} : { zone_id: zoneId }) };
}
