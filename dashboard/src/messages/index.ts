import type { LanguageCode } from "@/lib/i18n/languages";
import type en from "./en";

/** Every text of the dashboard by namespace and key, in ICU message format. English says which there are. */
export type Messages = typeof en;

/** How each language's texts are fetched; a browser loads the one that it shows. */
export const load: Record<LanguageCode, () => Promise<Messages>> = {
  en: async () => (await import("./en")).default,
  es: async () => (await import("./es")).default,
  tr: async () => (await import("./tr")).default,
  ar: async () => (await import("./ar")).default,
};
