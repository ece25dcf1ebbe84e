import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "@/lib/toast";
import { answerOf, api, Problem, useInWords } from "@/lib/api";
import { useLanguage, useWords } from "@/lib/i18n";
import { floor, type Entry } from "@/lib/live";
import { clearPicked, pickOnly } from "@/features/stations";
import { Keys } from "./keys";
import { forEach, namesOf, type Outcome } from "./many";

/** Something to do to several stations. */
export type Deed =
  | { kind: "extend"; minutes: number }
  | { kind: "end" }
  | { kind: "compensate"; minutes: number; reason: string }
  | { kind: "message"; text: string }
  | { kind: "lock" };

const SHOWN_MS = 12_000;

/** Does a deed to stations and says in a sentence what became of it. Where it failed, they stay picked. */
export function useMany() {
  const [keys] = useState(() => new Keys());
  const tell = useTell();
  return useMutation({
    mutationFn: ({ deed, entries }: { deed: Deed; entries: readonly Entry[]; leftOut: readonly Entry[] }) =>
      deed.kind === "compensate"
        ? compensate(entries, deed, keys)
        : forEach(entries, (entry) => one(entry, deed, keys)),
    onSuccess: (outcome, { deed, leftOut }) => {
      if (outcome.failed.length > 0) pickOnly(outcome.failed.map(({ entry }) => entry.station.id));
      else if (deed.kind === "end") clearPicked();
      tell(deed, outcome, leftOut);
    },
  });
}

async function one({ station, session }: Entry, deed: Exclude<Deed, { kind: "compensate" }>, keys: Keys) {
  const what = `${JSON.stringify(deed)} ${station.id} ${session?.id}`;
  await keys.under(what, async (key) => {
    const headers = { "Idempotency-Key": key };
    if (deed.kind === "message" || deed.kind === "lock") {
      const body = deed.kind === "lock" ? { command: "lock" as const } : messageOf(deed.text);
      const params = { path: { station_id: station.id } };
      await answerOf(api.POST("/api/v1/stations/{station_id}/commands", { params, body, headers }));
      return;
    }
    const params = { path: { session_id: session?.id ?? "" } };
    const answer =
      deed.kind === "end"
        ? api.POST("/api/v1/sessions/{session_id}/end", { params, body: { reason: "manual_stop" }, headers })
        : api.POST("/api/v1/sessions/{session_id}/extend", {
            params,
            body: { additional_minutes: deed.minutes },
            headers,
          });
    floor.applySession(await answerOf<NonNullable<Entry["session"]>>(answer));
  });
}

const messageOf = (text: string) => ({ command: "message" as const, params: { text } });

async function compensate(
  entries: readonly Entry[],
  { minutes, reason }: { minutes: number; reason: string },
  keys: Keys,
): Promise<Outcome> {
  const ids = entries.flatMap(({ session }) => session?.id ?? []);
  const body = { session_ids: ids, seconds: minutes * 60, reason };
  try {
    const { items } = await keys.under(JSON.stringify(body), (key) =>
      answerOf(api.POST("/api/v1/sessions/compensate", { body, headers: { "Idempotency-Key": key } })),
    );
    const outcome: Outcome = { done: [], failed: [] };
    for (const entry of entries) {
      const item = items.find(({ session_id: id }) => id === entry.session?.id);
      if (item?.session) floor.applySession(item.session);
      if (item?.outcome === "compensated") outcome.done.push(entry);
      else outcome.failed.push({ entry, error: new Problem(409, item?.code ?? null, item?.detail ?? null, {}, null) });
    }
    return outcome;
  } catch (error) {
    return { done: [], failed: entries.map((entry) => ({ entry, error })) };
  }
}

function useTell() {
  const words = useWords("many");
  const inWords = useInWords();
  const [language] = useLanguage();
  const names = (entries: readonly Entry[]) => namesOf(entries, language, (count) => words("more", { count }));
  return (deed: Deed, { done, failed }: Outcome, leftOut: readonly Entry[]) => {
    const said: string[] = [];
    const minutes = "minutes" in deed ? deed.minutes : 0;
    if (done.length > 0) said.push(words(`done.${deed.kind}`, { names: names(done), minutes, count: done.length }));
    for (const [reason, entries] of byReason(failed, inWords))
      said.push(words("refused", { names: names(entries), reason }));
    if (leftOut.length > 0) said.push(words(`leftOut.${deed.kind}`, { names: names(leftOut), count: leftOut.length }));
    const text = said.join(" ");
    if (failed.length === 0) toast(text, { duration: SHOWN_MS, closeButton: true });
    else toast.error(`${text} ${words("again")}`, { duration: SHOWN_MS * 2, closeButton: true });
  };
}

function byReason(failed: Outcome["failed"], inWords: (error: unknown) => string): Map<string, Entry[]> {
  const reasons = new Map<string, Entry[]>();
  for (const { entry, error } of failed) {
    const reason = inWords(error);
    reasons.set(reason, [...(reasons.get(reason) ?? []), entry]);
  }
  return reasons;
}
