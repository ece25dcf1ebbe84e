export { useTranslations as useWords } from "use-intl";
export { isolate, isolated } from "./isolated";
export { useLanguage } from "./language";
export { directionOf, isLanguageCode, languages, type Direction, type LanguageCode } from "./languages";
export { inNumerals, numerals, numeralsOf, useNumerals } from "./numerals";
export { type Namespace, type Translate } from "./translate";
export { SpokenIn, Words } from "./words";
