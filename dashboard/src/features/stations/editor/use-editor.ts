import { useEffect, useMemo, useRef, useState } from "react";
import { toast } from "@/lib/toast";
import { answerOf, api, newKey, useInWords, type Station, type Zone } from "@/lib/api";
import { isolated, useWords } from "@/lib/i18n";
import { floor, useStore } from "@/lib/live";
import { usePlaceZone, useZones } from "@/features/venues";
import { cornerOf, HEADING, MARGIN, TILE_HEIGHT, TILE_WIDTH } from "../plan";
import { overlap, type Box } from "./boxes";
import { whoChanged } from "./who-changed";

/** A zone or a station with where it stands; `box` is null while it is in the tray. */
export interface Item {
  key: string;
  id: string;
  name: string;
  /** A station's zone. */
  zone: string | null;
  box: Box | null;
}

export type Place = Pick<Item, "zone" | "box">;

interface Step {
  key: string;
  from: Place;
  to: Place;
}

/** The plan while it is edited: each change is saved when it comes to rest, and can be taken back until one leaves. */
export function useEditor() {
  const words = useWords("plan");
  const inWords = useInWords();
  const zones = useZones();
  const revision = useStore(floor.revision);
  const placeZone = usePlaceZone();
  const known = useMemo(() => ({ revision, stations: floor.all().map(({ station }) => station) }), [revision]);
  const saved = useMemo(() => itemsOf(known.stations, zones ?? []), [known, zones]);
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Place>>(new Map());
  const [steps, setSteps] = useState<readonly (readonly Step[])[]>([]);
  const begun = useRef(new Map<string, string>());
  const items = saved.map((item) => ({ ...item, ...drafts.get(item.key) }));
  const latest = useRef({ saved, items });
  useEffect(() => {
    latest.current = { saved, items };
  });

  const drop = (keys: readonly string[]) => {
    for (const key of keys) begun.current.delete(key);
    setDrafts((before) => new Map([...before].filter(([key]) => !keys.includes(key))));
  };

  /** Shows a change before it is saved. */
  const move = (key: string, place: Place) => {
    const now = latest.current.saved.find((item) => item.key === key);
    if (now && !begun.current.has(key)) begun.current.set(key, written(now));
    setDrafts((before) => new Map(before).set(key, place));
    latest.current.items = latest.current.items.map((item) => (item.key === key ? { ...item, ...place } : item));
  };

  const put = async ({ key, to }: Step) => {
    const id = key.slice(2);
    if (key.startsWith("z")) return placeZone(id, to.box);
    const headers = { "Idempotency-Key": newKey() };
    const body = { position: to.box, ...(to.zone === null ? {} : { zone: to.zone }) };
    const params = { path: { station_id: id } };
    const station = await answerOf(api.PATCH("/api/v1/stations/{station_id}", { params, body, headers }));
    floor.apply({ type: "delta", data: { cursor: 0, stations: [station] } });
  };

  const run = async (made: readonly Step[]): Promise<boolean> => {
    const keys = made.map(({ key }) => key);
    // Until all is saved everything stays shown where it is going.
    setDrafts((before) => new Map([...before, ...made.map(({ key, to }) => [key, to] as const)]));
    try {
      for (const step of made) await put(step);
      return true;
    } catch (error) {
      toast.error(inWords(error));
      return false;
    } finally {
      drop(keys);
    }
  };

  /** Says what somebody else did first, and who, if the log knows by now. */
  const tellOfConflict = async (what: "conflict" | "undoConflict", { key, name }: Pick<Item, "key" | "name">) => {
    const who = await whoChanged(key);
    toast.error(
      who === null ? words(what, { name }) : words(`${what}By`, { name: isolated(name), who: isolated(who) }),
    );
  };

  /** Saves a change that has come to rest; one that lies over another stays shown, unsaved. */
  const rest = async (key: string) => {
    const { saved: stored, items: shown } = latest.current;
    const [before, now] = [stored.find((item) => item.key === key), shown.find((item) => item.key === key)];
    if (!before || !now) return;
    if (begun.current.has(key) && begun.current.get(key) !== written(before)) {
      drop([key]);
      return tellOfConflict("conflict", now);
    }
    if (written(before) === written(now)) return drop([key]);
    if (clashOf(now, shown) !== null) return;
    // Places that were counted from the foremost station are written down as they are shown, all of them at once.
    const others = key.startsWith("s")
      ? stored.filter((item) => item.zone === now.zone && item.key !== key && isLoose(item))
      : [];
    const made = [{ key, from: before, to: now }, ...others.map((item) => ({ key: item.key, from: item, to: item }))];
    if (await run(made)) setSteps((past) => [...past, made]);
  };

  const undo = async () => {
    const made = steps.at(-1);
    if (!made) return;
    setSteps(steps.slice(0, -1));
    const changed = made.find(({ key, to }) => {
      const now = latest.current.saved.find((item) => item.key === key);
      return !now || written(now) !== written(to);
    });
    if (changed) {
      const name = latest.current.saved.find((item) => item.key === changed.key)?.name ?? "";
      return tellOfConflict("undoConflict", { key: changed.key, name });
    }
    await run(made.map(({ key, from, to }) => ({ key, from: to, to: from })));
  };

  return { items, ready: zones !== undefined, move, rest, undo, canUndo: steps.length > 0 };
}

export type Editor = ReturnType<typeof useEditor>;

/** What an item lies over, or null. */
export function clashOf(item: Item, items: readonly Item[]): Item | null {
  const { box } = item;
  if (box === null) return null;
  const beside = items.filter(
    (other) => other.key !== item.key && other.key[0] === item.key[0] && other.zone === item.zone,
  );
  return beside.find((other) => other.box !== null && overlap(box, other.box)) ?? null;
}

function written({ zone, box }: Place): string {
  return JSON.stringify([zone, box && [box.x, box.y, box.w, box.h]]);
}

/** Zones first; stations with their places counted from their zone's corner. */
function itemsOf(stations: readonly Station[], zones: readonly Zone[]): Item[] {
  const items: Item[] = zones.map(({ id, name, position }) => ({
    key: `z:${id}`,
    id,
    name,
    zone: null,
    box: position,
  }));
  loose.clear();
  const placed = new Set(zones.filter(({ position }) => position !== null).map(({ id }) => id));
  for (const station of stations) {
    const zone = station.zone?.id ?? null;
    const key = `s:${station.id}`;
    const item: Item = { key, id: station.id, name: station.name, zone, box: null };
    items.push(item);
    if (station.position === null || zone === null || !placed.has(zone)) continue;
    const members = stations.flatMap((other) => (other.zone?.id === zone && other.position ? [other.position] : []));
    const { left, top } = cornerOf(members);
    const { x, y } = station.position;
    item.box = { x: x - left + MARGIN, y: y - top + HEADING, w: TILE_WIDTH, h: TILE_HEIGHT };
    if (left !== MARGIN || top !== HEADING) loose.add(key);
  }
  return items;
}

const loose = new Set<string>();
const isLoose = ({ key }: Item): boolean => loose.has(key);
