import { useQueries, useQuery } from "@tanstack/react-query";
import { answerOf, api, type FloorEvent, type Session } from "@/lib/api";
import { offlineOf, seatsOf, type Seat, type Stretch } from "./timeline";

/** A session's events, the oldest first; undefined until they are known. A session seldom has more than twenty. */
export function useStory(session: Session): readonly FloorEvent[] | undefined {
  return useQuery({
    queryKey: ["sessions", "one", session.id, "story"],
    queryFn: async () =>
      (await answerOf(api.GET("/api/v1/events", { params: { query: { session_id: session.id, limit: 200 } } }))).items,
    select: oldestFirst,
  }).data;
}

/** When the PCs of a session couldn't be reached while it was theirs, up to `now` while it lasts. */
export function useOffline(session: Session, story: readonly FloorEvent[], now: number): Stretch[] {
  const seats = seatsOf(story, session);
  const known = useQueries({ queries: seats.map((seat) => connectionsOf(session.id, seat)) });
  return seats.flatMap((seat, index) => offlineOf(known[index]?.data ?? [], seat.from, seat.to ?? now));
}

function connectionsOf(sessionId: string, { stationId, from, to }: Seat) {
  const query = {
    station_id: stationId,
    type: ["AGENT_CONNECTED", "AGENT_DISCONNECTED"],
    since: new Date(from).toISOString(),
    ...(to !== null && { until: new Date(to).toISOString() }),
    limit: 200,
  };
  return {
    queryKey: ["sessions", "one", sessionId, "connections", query],
    queryFn: async () => (await answerOf(api.GET("/api/v1/events", { params: { query } }))).items,
    select: oldestFirst,
  };
}

function oldestFirst(events: FloorEvent[]): FloorEvent[] {
  return [...events].reverse();
}
