import { createTranslator } from "use-intl/core";
import type { Namespace, Translate } from "@/lib/i18n";
import { load, type Messages } from "@/messages";
import type { LanguageCode } from "@/lib/i18n";
import en from "@/messages/en";

/** The texts of a namespace in English, for what is tested without a page. */
export function english<N extends Namespace>(namespace: N): Translate<N> {
  return translator("en", en, namespace);
}

/** The texts of a namespace in another language, with the digits of `numerals`. */
export async function spokenIn<N extends Namespace>(
  language: LanguageCode,
  namespace: N,
  numerals = "latn",
): Promise<Translate<N>> {
  return translator(`${language}-u-nu-${numerals}`, await load[language](), namespace);
}

function translator<N extends Namespace>(locale: string, messages: Messages, namespace: N): Translate<N> {
  return createTranslator({ locale, messages, namespace, timeZone: "UTC" }) as Translate<N>;
}
