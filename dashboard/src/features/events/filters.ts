import { useMemo } from "react";
import { useAddress, type AddressChanges } from "@/lib/address";
import type { FloorEvent } from "@/lib/api";
import { daysOf, readDayChoice, type DayChoice, type Preset } from "@/lib/time";
import type { BusinessDays } from "@/features/venues";
import { groups, typesOf, type Group } from "./types";

export const dayPresets: readonly Preset[] = ["today", "yesterday", "7", "30", "all"];
const USUAL_DAYS: Preset = "today";
/** The API takes no more to look for. */
export const MAX_TEXT = 100;

export interface ActivityFilters {
  group: Group | "";
  /** Only what somebody should look at. */
  look: boolean;
  station: string;
  person: string;
  session: string;
  /** Words that an event is to hold. */
  text: string;
  days: DayChoice;
}

export interface ActivityAddress {
  filters: ActivityFilters;
  tab: "log" | "anomalies";
  open: number | null;
  change: (changes: AddressChanges) => void;
  show: (id: number | null) => void;
}

export function useActivityAddress(): ActivityAddress {
  const [read, change] = useAddress();
  return useMemo(() => {
    const open = Number(read("id"));
    return {
      filters: readFilters(read),
      tab: read("tab") === "anomalies" ? "anomalies" : "log",
      open: Number.isSafeInteger(open) && open > 0 ? open : null,
      change,
      show: (id) => change({ id: id === null ? null : String(id) }, id !== null && read("id") === null),
    };
  }, [read, change]);
}

export function readFilters(read: (name: string) => string | null): ActivityFilters {
  return {
    group: groups.find((group) => group === read("what")) ?? "",
    look: read("look") === "1",
    station: id(read("station")),
    person: id(read("who")),
    session: id(read("session")),
    text: (read("q") ?? "").trim().slice(0, MAX_TEXT),
    days: readDayChoice(read("days"), USUAL_DAYS),
  };
}

export const NO_FILTERS: AddressChanges = {
  what: null,
  look: null,
  station: null,
  who: null,
  session: null,
  q: null,
  days: null,
};

export function isFiltered({ group, look, station, person, session, text, days }: ActivityFilters): boolean {
  return look || [group, station, person, session, text].some((value) => value !== "") || days !== USUAL_DAYS;
}

/** The filters as the API takes them; null where no type is both of the group and to be looked at. */
export function queryOf(
  { group, look, station, person, session, text, days }: ActivityFilters,
  calendar: BusinessDays,
) {
  const types = typesOf(group, look);
  if (types?.length === 0) return null;
  const range = daysOf(days, calendar.today);
  return {
    ...(types !== null && { type: types as string[] }),
    ...(station !== "" && { station_id: station }),
    ...(session !== "" && { session_id: session }),
    ...(person !== "" && { actor: person }),
    ...(text !== "" && { q: text }),
    ...(range !== null && calendar.instantsOf(range)),
  };
}

export type ActivityQuery = NonNullable<ReturnType<typeof queryOf>>;

/** Whether an event that just came is one of those that are looked for. `names`: of its station and its player. */
export function isWanted(event: FloorEvent, query: ActivityQuery, names: readonly string[] = []): boolean {
  if (query.q !== undefined && !holds(event, query.q, names)) return false;
  if (query.type !== undefined && !query.type.includes(event.type)) return false;
  if (query.station_id !== undefined && query.station_id !== event.station_id) return false;
  if (query.session_id !== undefined && query.session_id !== event.session_id) return false;
  if (query.actor !== undefined && query.actor !== event.actor.id) return false;
  const at = Date.parse(event.at);
  return !(
    (query.since !== undefined && at < Date.parse(query.since)) ||
    (query.until !== undefined && at >= Date.parse(query.until))
  );
}

/** As the server looks for words: in names, in the type, and in texts of the data, but not in the names of fields. */
function holds({ type, actor, request_id, data }: FloorEvent, words: string, names: readonly string[]): boolean {
  const sought = folded(words);
  const texts = [actor.name, type.replaceAll("_", " "), type, request_id ?? "", ...names, ...textsIn(data)];
  return texts.some((text) => folded(text).includes(sought));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === "stack_trace" ? [] : textsIn(inner)));
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function id(text: string | null): string {
  return text !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : "";
}
