import { useMemo } from "react";
import type { FloorEvent } from "@/lib/api";
import { useWords, type Translate } from "@/lib/i18n";
import type en from "@/messages/en";
import { eventName } from "@/lib/event-name";
import { reasonInWords } from "@/lib/reasons";
import { useTimeWords } from "@/lib/time";
import { useStationOptions } from "@/features/stations";
import { isRecord } from "./diff";
import { isKnown } from "./types";

/** What an event says, in the dashboard's language. */
export interface EventWords {
  name: (type: string) => string;
  sentence: (type: string) => string | null;
  /** Who did it: a person's name, or what acts by itself. */
  who: (event: FloorEvent) => string;
  /** How much, or why, where a few words can say it. */
  more: (event: FloorEvent) => string | null;
}

export function useEventWords(): EventWords {
  const types = useWords("eventTypes");
  const words = useWords("activity");
  const common = useWords("common");
  const times = useTimeWords();
  return useMemo(
    () => ({
      name: (type) => eventName(type, types),
      sentence: (type) => (isKnown(type) ? types(`types.${type}.sentence`) : null),
      who: ({ actor }) =>
        actor.kind === "staff" ? actor.name : words(actor.kind === "agent" ? "who.agent" : "who.system"),
      more: (event) => moreOf(event, { words, common, signed: times.signed }),
    }),
    [types, words, common, times],
  );
}

/** Codes with which a PC's connection is closed: those of WebSockets, and the protocol's own. */
type Close = keyof (typeof en)["activity"]["closes"];
type Code = keyof (typeof en)["activity"]["codes"];

interface Said {
  words: Translate<"activity">;
  common: Translate<"common">;
  signed: (seconds: number) => string;
}

export function moreOf(event: FloorEvent, { words, common, signed }: Said): string | null {
  const { data, type } = event;
  const close = `closes.${String(data.code)}` as `closes.${Close}`;
  if (type === "AGENT_DISCONNECTED" && words.has(close)) return words(close);
  const seconds = data.total_seconds ?? data.seconds;
  if (typeof seconds === "number" && typeof data.kind === "string") return signed(seconds);
  const after = isRecord(data.after) ? data.after : {};
  const report = isRecord(data.report) ? data.report : {};
  const status = type === "STATION_STATUS_CHANGED" ? after.status : null;
  const told = [status, data.reason, report.event, report.code, data.command, data.trouble, data.where];
  const text = told.find((one): one is string => typeof one === "string" && one !== "");
  if (text === undefined) return null;
  return type === "SESSION_EXPIRED" ? null : codeWords(reasonInWords(text, common), words);
}

/** A code of the server in words. What isn't one was typed by somebody, or is newer than this dashboard. */
export function codeWords(text: string, words: Translate<"activity">): string {
  const key = `codes.${text}` as `codes.${Code}`;
  return /^[a-z_]+$/.test(text) && words.has(key) ? words(key) : text;
}

/** Whom an event is about, as it was called then. */
export function playerOf({ data }: FloorEvent): string | null {
  const { after } = data;
  return isRecord(after) && typeof after.user_name === "string" ? after.user_name : null;
}

/** Says the name of a station by its id; null for one that is no longer in use. */
export function useStationName(): (id: string | null) => string | null {
  const options = useStationOptions();
  return useMemo(() => {
    const names = new Map(options.map(({ value, label }) => [value, label]));
    return (id) => (id === null ? null : (names.get(id) ?? null));
  }, [options]);
}
