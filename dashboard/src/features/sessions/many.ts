import type { Entry } from "@/lib/live";

const AT_ONCE = 6;

/** What became of one thing that was done to several stations. */
export interface Outcome {
  done: Entry[];
  failed: { entry: Entry; error: unknown }[];
}

/** Does the same to each station, a few at a time; one that is refused holds up no other. */
export async function forEach(entries: readonly Entry[], act: (entry: Entry) => Promise<void>): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [] };
  const waiting = [...entries];
  const worker = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      try {
        await act(entry);
        outcome.done.push(entry);
      } catch (error) {
        outcome.failed.push({ entry, error });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const place = (entry: Entry) => entries.indexOf(entry);
  outcome.done.sort((a, b) => place(a) - place(b));
  return outcome;
}

/** Whose session can be given time: one that lives, or is in its grace. */
export function withTime(entries: readonly Entry[], inGrace: (entry: Entry) => boolean): Entry[] {
  return entries.filter((entry) => isLive(entry) || inGrace(entry));
}

export function isLive({ session }: Entry): boolean {
  return session !== null && session.status !== "ended";
}

/** Whether a command can be sent there. */
export function takesCommands({ station }: Entry): boolean {
  return station.driver === "agent";
}

const NAMED = 8;

/** Names in a sentence, isolated from its direction; of very many the first, and how many more. */
export function namesOf(entries: readonly Entry[], language: string, more: (count: number) => string): string {
  const names = entries.map(({ station }) => `\u2068${station.name}\u2069`);
  const said = names.length > NAMED ? [...names.slice(0, NAMED - 1), more(names.length - NAMED + 1)] : names;
  return new Intl.ListFormat(language, { type: "conjunction" }).format(said);
}
