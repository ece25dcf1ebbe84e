"use client";

import { useId, useMemo } from "react";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useLanguage, useWords } from "@/lib/i18n";
import { useNow } from "@/lib/live";
import { useTimeWords, venueTime } from "@/lib/time";

export interface PlaceFieldProps {
  label: string;
  hint: string;
  problem: string | null;
  value: string;
  onChange: (value: string) => void;
}

/** The venue's time zone, searched for as one types; says what time it is there. */
export function TimeZoneField({ hint, value, onChange, ...rest }: PlaceFieldProps) {
  const words = useWords("settings");
  const [language] = useLanguage();
  const list = useId();
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  const known = zones.includes(value) || value === "UTC";
  const clock = useNow((now) => (known ? venueTime(value, undefined, language).clock(now) : null));
  return (
    <>
      <Field
        {...rest}
        hint={clock === null ? hint : words("timeThere", { hint, time: clock })}
        dir="ltr"
        list={list}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {["UTC", ...zones].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

const HALF_HOURS = Array.from({ length: 48 }, (_, half) => {
  return `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 === 0 ? "00" : "30"}`;
});

/** When the business day starts: any half hour, or what it is; written as every time of day here. */
export function DayStartField({ value, onChange, ...rest }: PlaceFieldProps) {
  const { digits } = useTimeWords();
  const times = HALF_HOURS.includes(value) ? HALF_HOURS : [...HALF_HOURS, value].sort();
  const options = times.map((time) => ({ value: time, label: digits(time) }));
  return <Select {...rest} options={options} value={value} onChange={onChange} />;
}

const LOCALES =
  "ar ar-AE ar-EG ar-SA de de-AT de-CH de-DE en en-AU en-GB en-IE en-US es es-AR es-ES es-MX fr fr-CA fr-FR ja ko pl pt-BR pt-PT ru tr zh-Hans zh-Hant";

/** The language of the PCs' screens, with the region whose dates and digits are used. */
export function LocaleField({ hint, value, onChange, ...rest }: PlaceFieldProps) {
  const list = useId();
  const nameOf = useLanguageName();
  return (
    <>
      <Field
        {...rest}
        aside={nameOf(value)}
        hint={hint}
        dir="ltr"
        list={list}
        maxLength={16}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {LOCALES.split(" ").map((tag) => (
          <option key={tag} value={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** What a language is called in the dashboard's; null for what is none. */
export function useLanguageName(): (tag: string) => string | null {
  const [language] = useLanguage();
  return useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: "language", fallback: "none" });
    return (tag) => {
      try {
        return names.of(tag) ?? null;
      } catch {
        return null;
      }
    };
  }, [language]);
}
