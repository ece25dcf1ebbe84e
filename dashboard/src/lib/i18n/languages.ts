/** The dashboard's languages, in their own names. */
export const languages = [
  { code: "en", name: "English", direction: "ltr" },
  { code: "es", name: "Español", direction: "ltr" },
  { code: "tr", name: "Türkçe", direction: "ltr" },
  { code: "ar", name: "العربية", direction: "rtl" },
] as const;

export type LanguageCode = (typeof languages)[number]["code"];
export type Direction = (typeof languages)[number]["direction"];

export function isLanguageCode(value: unknown): value is LanguageCode {
  return languages.some(({ code }) => code === value);
}

export function directionOf(wanted: LanguageCode): Direction {
  return languages.find(({ code }) => code === wanted)?.direction ?? "ltr";
}
