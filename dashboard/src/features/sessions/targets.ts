import type { Station } from "@/lib/api";
import type { Entry } from "@/lib/live";
import { deriveTile } from "@/features/stations";

/** Ids of the stations where a session could go on now, in the order of their names, as one string. */
export function freeStations(entries: readonly Entry[], now: number, except: string): string {
  return entries
    .filter((entry) => entry.station.id !== except && deriveTile(entry, now, true).state === "free")
    .map(({ station }) => station.id)
    .join(" ");
}

/** Those whose name or zone has the words in it. */
export function matching(stations: readonly Station[], sought: string): Station[] {
  const wanted = sought.trim().toLocaleLowerCase();
  return stations.filter(({ name, zone }) =>
    [name, zone?.name ?? ""].some((text) => text.toLocaleLowerCase().includes(wanted)),
  );
}

/** Stations by zone, zones and stations each in the order in which they come. */
export function byZone(stations: readonly Station[], noZone: string): { zone: string; stations: Station[] }[] {
  const zones = new Map<string, Station[]>();
  for (const station of stations) {
    const zone = station.zone?.name ?? noZone;
    zones.set(zone, [...(zones.get(zone) ?? []), station]);
  }
  return [...zones].map(([zone, members]) => ({ zone, stations: members }));
}
