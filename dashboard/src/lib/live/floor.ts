import type { Session, Station } from "@/lib/api";
import { createStore, type Store } from "@/lib/store";
import type { LiveMessage } from "./messages";

/** What the floor knows of one station: the station, and the session that is live there or in its grace. */
export interface Entry {
  station: Station;
  session: Session | null;
}

/**
 * One watchable entry a station, so that a change redraws one tile. Written by hand because 1,000 tiles on
 * useSyncExternalStore cost half of what a selector over one big state costs.
 */
export class FloorStore {
  /** Ids in the order of the stations' names; null until the first snapshot. */
  readonly ids: Store<readonly string[] | null> = createStore<readonly string[] | null>(null);
  /** Goes up with every change of anything, for what sums up the whole floor. */
  readonly revision: Store<number> = createStore(0);
  private readonly entries = new Map<string, Store<Entry | null>>();
  /** By station. */
  private readonly sessions = new Map<string, Session>();
  /** The station that each of these sessions is on. */
  private readonly places = new Map<string, string>();

  entry(id: string): Store<Entry | null> {
    let store = this.entries.get(id);
    if (!store) {
      store = createStore<Entry | null>(null);
      this.entries.set(id, store);
    }
    return store;
  }

  all(): Entry[] {
    return (this.ids.get() ?? []).flatMap((id) => this.entry(id).get() ?? []);
  }

  apply(message: LiveMessage): void {
    this.applyAll([message]);
  }

  /** Applies what came since the last frame, in order, and tells those who sum up once. */
  applyAll(messages: readonly LiveMessage[]): void {
    for (const message of messages) {
      if (message.type === "snapshot") this.replaceAll(message.data.stations, message.data.sessions);
      else {
        this.merge(message.data.stations ?? [], message.data.sessions ?? []);
        this.remove(message.data.removed_stations ?? []);
      }
    }
    this.revision.set(this.revision.get() + 1);
  }

  /** Takes over a session that an action's answer carried, ahead of the delta that will say the same. */
  applySession(session: Session): void {
    this.merge([], [session]);
    this.revision.set(this.revision.get() + 1);
  }

  /** Takes back a session that was shown ahead of an answer that never came to be. */
  dropSession({ id, station_id: stationId }: Session): void {
    if (this.sessions.get(stationId)?.id !== id) return;
    this.forget(stationId);
    const entry = this.entry(stationId).get();
    if (entry) this.entry(stationId).set({ ...entry, session: null });
    this.revision.set(this.revision.get() + 1);
  }

  clear(): void {
    this.sessions.clear();
    this.places.clear();
    this.ids.set(null);
    for (const store of this.entries.values()) store.set(null);
  }

  private replaceAll(stations: Station[], sessions: Session[]): void {
    this.sessions.clear();
    this.places.clear();
    for (const session of sessions) this.keep(session);
    const present = new Set(stations.map((station) => station.id));
    for (const [id, store] of this.entries) if (!present.has(id)) store.set(null);
    for (const station of stations) this.put(station);
    this.order(stations);
  }

  private merge(stations: Station[], sessions: Session[]): void {
    const changed = new Map(stations.map((station) => [station.id, station]));
    for (const session of sessions) {
      if (!this.keep(session) || changed.has(session.station_id)) continue;
      const store = this.entry(session.station_id);
      const entry = store.get();
      if (entry) store.set({ ...entry, session });
    }
    for (const station of changed.values()) this.put(station);
    if (stations.length > 0) this.order([...this.all().map((entry) => entry.station), ...stations]);
  }

  private remove(gone: readonly string[]): void {
    if (gone.length === 0) return;
    for (const id of gone) {
      this.forget(id);
      this.entry(id).set(null);
    }
    this.order(this.all().map((entry) => entry.station));
  }

  private put(station: Station): void {
    if (station.session) this.keep(station.session);
    else if (this.sessions.get(station.id)?.status !== "ended") this.forget(station.id);
    this.entry(station.id).set({ station, session: this.sessions.get(station.id) ?? null });
  }

  private keep(session: Session): boolean {
    if (!this.leaveEarlierStation(session)) return false;
    const known = this.sessions.get(session.station_id);
    const news = supersedes(session, known);
    if (news) {
      if (known && known.id !== session.id) this.places.delete(known.id);
      this.sessions.set(session.station_id, session);
      this.places.set(session.id, session.station_id);
    }
    return news;
  }

  /** A session that was moved leaves the station where it was. False when this is older than the move. */
  private leaveEarlierStation(session: Session): boolean {
    const place = this.places.get(session.id);
    const known = place === undefined ? undefined : this.sessions.get(place);
    if (place === undefined || known === undefined || place === session.station_id) return true;
    if (known.version > session.version) return false;
    this.forget(place);
    const entry = this.entry(place).get();
    if (entry) this.entry(place).set({ ...entry, session: null });
    return true;
  }

  private forget(stationId: string): void {
    const session = this.sessions.get(stationId);
    if (session) this.places.delete(session.id);
    this.sessions.delete(stationId);
  }

  private order(stations: Station[]): void {
    const named = new Map(stations.map((s) => [s.id, s.name]));
    const ids = [...named].sort(([, a], [, b]) => compareNames(a, b)).map(([id]) => id);
    const before = this.ids.get();
    if (before?.length === ids.length && before.every((id, index) => id === ids[index])) return;
    this.ids.set(ids);
  }
}

/** An older version of the same session never replaces a newer one; an ended one never hides another that is live. */
function supersedes(next: Session, known: Session | undefined): boolean {
  if (!known) return true;
  if (known.id === next.id) return next.version >= known.version;
  return next.status !== "ended" || known.status === "ended";
}

const byName = new Intl.Collator("en", { numeric: true });

function compareNames(a: string, b: string): number {
  return byName.compare(a, b);
}
