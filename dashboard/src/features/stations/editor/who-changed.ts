import { answerOf, api } from "@/lib/api";

/** Enough to find the last change of one zone among those of others. */
const ZONE_EVENTS = 20;

/** Who changed a zone or a station last, by its key on the plan; null where the log doesn't say. */
export async function whoChanged(key: string): Promise<string | null> {
  const id = key.slice(2);
  const query = key.startsWith("s")
    ? { type: ["STATION_UPDATED"], station_id: id, limit: 1 }
    : { type: ["ZONE_UPDATED"], limit: ZONE_EVENTS };
  try {
    const { items } = await answerOf(api.GET("/api/v1/events", { params: { query } }));
    const last = items.find(({ station_id, data }) => station_id === id || data.zone_id === id);
    return last?.actor.kind === "staff" ? last.actor.name : null;
  } catch {
    return null;
  }
}
