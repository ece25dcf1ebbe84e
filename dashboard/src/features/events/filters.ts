import { useMemo } from "react";
import { useAddress, type AddressChanges } from "@/lib/address";
import type { FloorEvent } from "@/lib/api";
import { daysOf, readDayChoice, type DayChoice, type Preset } from "@/lib/time";
import type { BusinessDays } from "@/features/venues";
import { groups, typesOf, type Group } from "./types";

export const dayPresets: readonly Preset[] = ["today", "yesterday", "7", "30", "all"];
const USUAL_DAYS: Preset = "today";

export interface ActivityFilters {
  group: Group | "";
  /** Only what somebody should look at. */
  look: boolean;
  station: string;
  person: string;
  session: string;
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
    days: readDayChoice(read("days"), USUAL_DAYS),
  };
}

export const NO_FILTERS: AddressChanges = {
  what: null,
  look: null,
  station: null,
  who: null,
  session: null,
  days: null,
};

export function isFiltered({ group, look, station, person, session, days }: ActivityFilters): boolean {
  return look || [group, station, person, session].some((value) => value !== "") || days !== USUAL_DAYS;
}

/** The filters as the API takes them; null where no type is both of the group and to be looked at. */
export function queryOf({ group, look, station, person, session, days }: ActivityFilters, calendar: BusinessDays) {
  const types = typesOf(group, look);
  if (types?.length === 0) return null;
  const range = daysOf(days, calendar.today);
  return {
    ...(types !== null && { type: types as string[] }),
    ...(station !== "" && { station_id: station }),
    ...(session !== "" && { session_id: session }),
    ...(person !== "" && { actor: person }),
    ...(range !== null && calendar.instantsOf(range)),
  };
}

export type ActivityQuery = NonNullable<ReturnType<typeof queryOf>>;

/** Whether an event that just came is one of those that are looked for. */
export function isWanted(event: FloorEvent, query: ActivityQuery): boolean {
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

function id(text: string | null): string {
  return text !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : "";
}
