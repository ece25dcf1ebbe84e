import type { Translate } from "./i18n";

/** Why the server itself gave time or left some out, as it writes it down. */
const known = { undo: "undone", "ended by mistake": "endedByMistake", "the PC wasn't open": "notOpen" } as const;

/** A reason in the dashboard's language. What somebody at the desk typed stays as it is. */
export function reasonInWords(reason: string, words: Translate<"common">): string {
  return reason in known ? words(`reasons.${known[reason as keyof typeof known]}`) : reason;
}
