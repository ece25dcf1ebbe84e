import { useCallback } from "react";
import { useLanguage, useWords, type LanguageCode, type Translate } from "@/lib/i18n";
import { Problem, Unreachable } from "./problem";

/** Says an error in the dashboard's language: what happened and what to do, for a line on the screen. */
export function useInWords(): (error: unknown) => string {
  const words = useWords("errors");
  const [language] = useLanguage();
  return useCallback((error) => inWords(error, words, language), [words, language]);
}

/** Never a bare code. The server speaks English and knows names and figures, so in English its own sentence is said. */
export function inWords(error: unknown, words: Translate<"errors">, language: LanguageCode): string {
  if (error instanceof Unreachable) return words("unreachable");
  if (!(error instanceof Problem)) return words("stumbled");
  if (error.status === 429) return words("tooMany", { wait: waiting(error.retryAfterSeconds, words) });
  const ours = language === "en" ? null : ofCode(error.code, words);
  const theirs = error.detail ?? firstField(error, words);
  const said = theirs === null ? null : words("quoted", { text: theirs });
  return ours ?? said ?? ofCode(error.code, words) ?? ofStatus(error, words);
}

/** A sentence of the server that no code stands for. In any language but its own it is a quotation. */
export function useQuoted(): (text: string) => string {
  const words = useWords("errors");
  return useCallback((text) => words("quoted", { text }), [words]);
}

function ofCode(code: string | null, words: Translate<"errors">): string | null {
  const key = `codes.${code}` as "codes.internal";
  return code !== null && words.has(key) ? words(key) : null;
}

function firstField({ fields }: Problem, words: Translate<"errors">): string | null {
  const [field, problem] = Object.entries(fields)[0] ?? [];
  return field === undefined || problem === undefined ? null : words("field", { field, problem });
}

function ofStatus({ status, retryAfterSeconds }: Problem, words: Translate<"errors">): string {
  if (status === 403) return words("forbidden");
  if (status === 404) return words("gone");
  if (status === 503) return words("busy", { wait: waiting(retryAfterSeconds, words) });
  return words("failed", { status: String(status) });
}

function waiting(after: number | null, words: Translate<"errors">): string {
  if (after === null) return words("wait.moment");
  return after > 90 ? words("wait.minutes", { count: Math.ceil(after / 60) }) : words("wait.seconds", { count: after });
}
