import type { Translate } from "@/lib/i18n";
import type en from "@/messages/en";

export type EventType = keyof (typeof en)["eventTypes"]["types"];

/** What an event is called. A newer server may tell of types that this dashboard doesn't know. */
export function eventName(type: string, words: Translate<"eventTypes">): string {
  const key = `types.${type as EventType}.name` as const;
  return words.has(key) ? words(key) : words("unknown");
}
