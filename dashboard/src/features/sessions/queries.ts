import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answerOf, api, type FloorEvent, type Grant, type Session } from "@/lib/api";
import type { Command, Metric } from "./commands";
import { grantsOf } from "./requests";

/** The time given to a session, in order. Each version of a session is read once. */
export function useGrants(session: Session): UseQueryResult<readonly Grant[]> {
  return useQuery({
    queryKey: ["sessions", session.id, "grants", session.version],
    queryFn: () => grantsOf(session.id),
    enabled: session.version > 0, // the server doesn't know yet what is only about to be started
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

const EARLIER = 6;

/** The newest sessions that were on a station, the newest first; read again when `known` there becomes another. */
export function useEarlier(stationId: string, known: Session | null): UseQueryResult<readonly Session[]> {
  return useQuery({
    queryKey: ["sessions", "at", stationId, known?.id, known?.version],
    queryFn: async () =>
      (await answerOf(api.GET("/api/v1/sessions", { params: { query: { station_id: stationId, limit: EARLIER } } })))
        .items,
    placeholderData: keepPreviousData,
  });
}

/** A name that was played under lately, where and when. */
export interface RecentPlayer {
  name: string;
  station: string;
  at: number;
}

/** The players of the newest sessions, each once, the newest first. */
export function useRecentPlayers(): readonly RecentPlayer[] {
  const known = useQuery({
    queryKey: ["sessions", "players"],
    queryFn: async () => (await answerOf(api.GET("/api/v1/sessions", { params: { query: { limit: 200 } } }))).items,
    staleTime: 60_000,
  }).data;
  return recentPlayers(known ?? []);
}

export function recentPlayers(sessions: readonly Session[]): RecentPlayer[] {
  const players = new Map<string, RecentPlayer>();
  for (const { user_name: name, station_name: station, started_at: at } of sessions) {
    const key = name?.toLocaleLowerCase();
    if (name !== null && key !== undefined && !players.has(key)) {
      players.set(key, { name, station, at: Date.parse(at) });
    }
  }
  return [...players.values()];
}

const METRICS = 30;

/** How a PC was doing lately, the oldest first; asked for again as often as agents tell. */
export function useMetrics(stationId: string, wanted: boolean): UseQueryResult<readonly Metric[]> {
  return useQuery({
    queryKey: ["stations", stationId, "metrics"],
    queryFn: async () => {
      const query = { station_id: stationId };
      const answer = api.GET("/api/v1/stations/{station_id}/metrics", {
        params: { path: query, query: { limit: METRICS } },
      });
      return [...(await answerOf(answer)).items].reverse();
    },
    enabled: wanted,
    refetchInterval: 15_000,
  });
}

const EVENTS = 8;

/** What happened at a station last, the newest first. `known` changes with what is to be seen. */
export function useStationEvents(stationId: string, known: string): UseQueryResult<readonly FloorEvent[]> {
  return useQuery({
    queryKey: ["events", "at", stationId, known],
    queryFn: async () =>
      (await answerOf(api.GET("/api/v1/events", { params: { query: { station_id: stationId, limit: EVENTS } } })))
        .items,
    placeholderData: keepPreviousData,
  });
}

/** The newest commands to a PC, the newest first. */
export async function commandsOf(stationId: string): Promise<readonly Command[]> {
  const path = { station_id: stationId };
  return (await answerOf(api.GET("/api/v1/stations/{station_id}/commands", { params: { path, query: { limit: 10 } } })))
    .items;
}
