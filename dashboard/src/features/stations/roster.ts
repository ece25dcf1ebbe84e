import type { Station, Zone } from "@/lib/api";

/** How a station stands to its PC. */
export type Contact = "connected" | "away" | "never" | "byHand";

export function contactOf({ driver, connected, last_seen: seen }: Station): Contact {
  if (driver === "manual") return "byHand";
  if (connected) return "connected";
  return seen === null ? "never" : "away";
}

export const showables = ["connected", "away", "never", "byHand", "maintenance", "older"] as const;
export type Showable = (typeof showables)[number];

export function isShowable(value: string | null): value is Showable {
  return showables.some((one) => one === value);
}

export interface RosterFilter {
  text: string;
  zone: string | null;
  show: Showable | null;
}

/** Whether a station is looked for: by its own name, its PC's, or the words beside them. */
export function isSought(station: Station, { text, zone, show }: RosterFilter, newest: string | null): boolean {
  if (zone !== null && (station.zone?.id ?? "") !== zone) return false;
  if (show === "maintenance" && station.service !== "maintenance") return false;
  if (show === "older" && !isOlder(station, newest)) return false;
  if (show !== null && show !== "maintenance" && show !== "older" && contactOf(station) !== show) return false;
  const wanted = text.trim().toLocaleLowerCase();
  const said = [station.name, station.pc?.hostname, station.pc?.os, station.agent_version, station.maintenance_note];
  return wanted === "" || said.some((one) => one?.toLocaleLowerCase().includes(wanted));
}

export interface RosterZone {
  /** Null: the stations without a zone. */
  zone: Zone | null;
  stations: Station[];
}

/** Stations by zone in the order of the plan, those without one last. Zones without stations are there, too. */
export function byZone(stations: readonly Station[], zones: readonly Zone[]): RosterZone[] {
  const groups: RosterZone[] = zones.map((zone) => ({
    zone,
    stations: stations.filter((station) => station.zone?.id === zone.id),
  }));
  const known = new Set(zones.map(({ id }) => id));
  const rest = stations.filter(({ zone }) => zone === null || !known.has(zone.id));
  return rest.length > 0 ? [...groups, { zone: null, stations: rest }] : groups;
}

export interface Version {
  version: string;
  count: number;
}

/** The agents' versions, the newest first. */
export function versionsOf(stations: readonly Station[]): Version[] {
  const counts = new Map<string, number>();
  for (const { driver, agent_version: version } of stations) {
    if (driver === "agent" && version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return [...counts].map(([version, count]) => ({ version, count })).sort((a, b) => compare(b.version, a.version));
}

export function isOlder({ driver, agent_version: version }: Station, newest: string | null): boolean {
  return driver === "agent" && version !== null && newest !== null && version !== newest;
}

const byNumber = new Intl.Collator("en", { numeric: true });

/** 1.10.0 is newer than 1.9.0, and 1.9.0 newer than 1.9.0-rc.1. */
function compare(a: string, b: string): number {
  const [coreA = "", ...preA] = a.split("-");
  const [coreB = "", ...preB] = b.split("-");
  const cores = byNumber.compare(coreA, coreB);
  if (cores !== 0) return cores;
  if (preA.length === 0 || preB.length === 0) return preB.length - preA.length;
  return byNumber.compare(preA.join("-"), preB.join("-"));
}
