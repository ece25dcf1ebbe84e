import { useQuery } from "@tanstack/react-query";
import { useKeyedAction } from "@/lib/action";
import { answerOf, api, type Station } from "@/lib/api";
import type { components } from "@/lib/api/schema";
import { floor, useFreshOn } from "@/lib/live";

type Schemas = components["schemas"];
export type NewStation = Schemas["StationCreate"];
export type StationChanges = Schemas["StationPatch"];

/** Adds a station. */
export function useCreateStation() {
  return useKeyedAction<NewStation, Station>(
    (body, headers) => answerOf(api.POST("/api/v1/stations", { body, headers })),
    { onSuccess: show },
  );
}

/** Changes a station: its name, kind, zone, driver, and whether it is in maintenance. */
export function useChangeStation(id: string) {
  return useKeyedAction<StationChanges, Station>(
    (body, headers) => answerOf(api.PATCH("/api/v1/stations/{station_id}", { ...of(id), body, headers })),
    { onSuccess: show },
  );
}

/** Takes a station off the floor for good. */
export function useRetireStation(id: string) {
  return useKeyedAction<null, unknown>(
    (_none, headers) => answerOf(api.DELETE("/api/v1/stations/{station_id}", { ...of(id), headers })),
    { onSuccess: () => floor.apply({ type: "delta", data: { cursor: 0, removed_stations: [id] } }) },
  );
}

export type EnrolmentCode = Schemas["EnrolmentCodeOut"];

/** Makes a code for a station's PC; an earlier one is good no more. */
export function useIssueCode(id: string) {
  return useKeyedAction<{ at: number }, EnrolmentCode>((_none, headers) =>
    answerOf(api.POST("/api/v1/stations/{station_id}/enrolment-code", { ...of(id), headers })),
  );
}

/** Makes a new token for a station's agent; the one that it has is good no more. */
export function useIssueToken(id: string) {
  return useKeyedAction<{ at: number }, Schemas["AgentTokenOut"]>((_none, headers) =>
    answerOf(api.POST("/api/v1/stations/{station_id}/agent-token", { ...of(id), headers })),
  );
}

export type LogEvent = Schemas["EventOut"];

/** What agents did since an instant: enrolled, were refused, connected. Newest first; read again as it happens. */
export function useAgentEvents(since: string | null): readonly LogEvent[] {
  useFreshOn(isOfAgents, agentEvents);
  const query = useQuery({
    queryKey: [...agentEvents, since],
    enabled: since !== null,
    refetchInterval: 5_000,
    queryFn: async () => {
      const query = { type: [...AGENT_EVENTS], since: since ?? "", limit: 50 };
      return (await answerOf(api.GET("/api/v1/events", { params: { query } }))).items;
    },
  });
  return query.data ?? NONE;
}

const AGENT_EVENTS = ["AGENT_ENROLLED", "AGENT_CONNECTED", "AGENT_ENROLMENT_REFUSED"] as const;
const NONE: readonly LogEvent[] = [];
const agentEvents = ["stations", "agent-events"] as const;
const isOfAgents = (eventType: string): boolean => eventType.startsWith("AGENT_");

function of(station_id: string) {
  return { params: { path: { station_id } } };
}

/** Shows an action's answer ahead of the delta that will say the same. */
function show(station: Station): void {
  floor.apply({ type: "delta", data: { cursor: 0, stations: [station] } });
}
