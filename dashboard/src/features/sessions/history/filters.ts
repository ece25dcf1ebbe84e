import { useMemo } from "react";
import { useAddress, type AddressChanges } from "@/lib/address";
import { daysOf, readDayChoice, type DayChoice, type Preset } from "@/lib/time";
import type { BusinessDays } from "@/features/venues";

export const dayPresets: readonly Preset[] = ["today", "yesterday", "7", "30", "all"];
const USUAL_DAYS: Preset = "7";

export const statuses = ["pending", "active", "paused", "ended"] as const;
export const endReasons = ["expired", "manual_stop", "never_opened"] as const;
export type Status = (typeof statuses)[number];
export type EndReason = (typeof endReasons)[number];

/** Which sessions are looked for, as the address says it. */
export interface HistoryFilters {
  name: string;
  status: Status | "";
  end: EndReason | "";
  station: string;
  zone: string;
  days: DayChoice;
}

export interface HistoryAddress {
  filters: HistoryFilters;
  /** The session whose detail is open. */
  open: string | null;
  change: (changes: AddressChanges) => void;
  show: (id: string | null) => void;
}

export function useHistoryAddress(): HistoryAddress {
  const [read, change] = useAddress();
  return useMemo(
    () => ({
      filters: readFilters(read),
      open: read("id"),
      change,
      show: (id) => change({ id }, id !== null && read("id") === null),
    }),
    [read, change],
  );
}

/** Nothing but what the API knows gets into a question: an address can be typed. */
export function readFilters(read: (name: string) => string | null): HistoryFilters {
  return {
    name: (read("q") ?? "").slice(0, 80),
    status: oneOf(statuses, read("status")),
    end: oneOf(endReasons, read("end")),
    station: id(read("station")),
    zone: id(read("zone")),
    days: readDayChoice(read("days"), USUAL_DAYS),
  };
}

/** Whether anything but the usual is looked for. */
export function isFiltered({ name, status, end, station, zone, days }: HistoryFilters): boolean {
  return [name, status, end, station, zone].some((value) => value !== "") || days !== USUAL_DAYS;
}

export const NO_FILTERS: AddressChanges = { q: null, status: null, end: null, station: null, zone: null, days: null };

/** The filters as the API takes them. */
export function queryOf({ name, status, end, station, zone, days }: HistoryFilters, calendar: BusinessDays) {
  const range = daysOf(days, calendar.today);
  return {
    ...(name.trim() !== "" && { user_name: name.trim() }),
    ...(status !== "" && { status }),
    ...(end !== "" && { end_reason: end }),
    ...(station !== "" && { station_id: station }),
    ...(zone !== "" && { zone_id: zone }),
    ...(range !== null && calendar.instantsOf(range)),
  };
}

export type HistoryQuery = ReturnType<typeof queryOf>;

function oneOf<T extends string>(known: readonly T[], text: string | null): T | "" {
  return known.find((one) => one === text) ?? "";
}

function id(text: string | null): string {
  return text !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : "";
}
