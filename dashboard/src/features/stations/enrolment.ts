import type { Station } from "@/lib/api";
import type { LogEvent } from "./queries";

/** How far a PC is on its way to be a station's, since its code was made. */
export type Progress =
  | { step: "waiting"; refusedFrom: string | null }
  /** The code was used; its agent hasn't connected yet. */
  | { step: "enrolled"; at: number }
  | { step: "connected"; afterSeconds: number };

/** Reads that from what agents did since then, newest first. */
export function progressOf(station: Pick<Station, "id" | "connected">, events: readonly LogEvent[]): Progress {
  const mine = events.filter((event) => event.station_id === station.id);
  const enrolled = newest(mine.filter(({ type }) => type === "AGENT_ENROLLED"));
  if (enrolled === null) {
    const refused = events.find(({ type }) => type === "AGENT_ENROLMENT_REFUSED");
    const from = refused?.data.address;
    return { step: "waiting", refusedFrom: typeof from === "string" ? from : null };
  }
  const times = mine.filter(({ type }) => type === "AGENT_CONNECTED").map(({ at }) => Date.parse(at));
  const connected = times.filter((at) => at >= enrolled);
  if (connected.length === 0 || !station.connected) return { step: "enrolled", at: enrolled };
  return { step: "connected", afterSeconds: Math.round((Math.min(...connected) - enrolled) / 1000) };
}

function newest(events: readonly LogEvent[]): number | null {
  return events.length === 0 ? null : Math.max(...events.map(({ at }) => Date.parse(at)));
}

export type System = "windows" | "linux";

/** What to type at the PC, in order. Enrolling writes its config.yaml; the agent is started with that. */
export function commandsFor(system: System, server: string, code: string): string[] {
  const python = system === "windows" ? "python" : "python3";
  return [`${python} main.py enrol --server ${server} --code ${code}`, `${python} main.py`];
}

/** Whether only the computer that this page is open on can reach that address. */
export function isOnlyHere(origin: string): boolean {
  try {
    return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(origin).hostname);
  } catch {
    return false;
  }
}

/** The station to connect after this one: the next by name that never was, else the first such. */
export function nextToConnect(stations: readonly Station[], id: string): Station | null {
  const never = (station: Station) => station.driver === "agent" && station.last_seen === null && station.id !== id;
  const here = stations.findIndex((station) => station.id === id);
  return stations.slice(here + 1).find(never) ?? stations.find(never) ?? null;
}
