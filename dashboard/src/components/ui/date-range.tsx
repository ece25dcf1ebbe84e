"use client";

import { Calendar, ChevronDown } from "lucide-react";
import { useRef, useState } from "react";
import { cn } from "@/lib/cn";
import { useLanguage, useWords } from "@/lib/i18n";
import { daysOf, isPreset, type Day, type DayChoice, type Preset } from "@/lib/time";
import { filterShape } from "./filters";
import { later } from "./later";

const DayChoices = later(async () => (await import("./day-choices")).DayChoices);

export interface DateRangeProps {
  value: DayChoice;
  onChange: (value: DayChoice) => void;
  /** The venue's business day of now. */
  today: Day;
  presets: readonly Preset[];
}

/** Which business days are looked at: a preset, or from one day to another. */
export function DateRange(choice: DateRangeProps) {
  const words = useWords("dates");
  const [open, setOpen] = useState(false);
  const there = DayChoices.useIsThere();
  const button = useRef<HTMLButtonElement>(null);
  const label = useDayChoiceText(choice.value);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={words("label", { days: label })}
        onClick={() => setOpen(!open)}
        className={cn(filterShape, "font-semibold")}
      >
        <Calendar size={15} aria-hidden className="text-ink-3" />
        {label}
        <ChevronDown size={14} aria-hidden className="text-ink-3" />
      </button>
      {(open || there) && <DayChoices {...choice} open={open} onClose={() => setOpen(false)} button={button} />}
    </>
  );
}

/** The days of a choice in words: `Yesterday`, `3 – 20 Nov 2026`. */
export function useDayChoiceText(choice: DayChoice): string {
  const words = useWords("dates");
  const [language] = useLanguage();
  if (isPreset(choice)) return words(`presets.${choice}`);
  const days = daysOf(choice, "");
  return days === null ? "" : dayRangeText(days.from, days.to, language);
}

export function dayRangeText(from: Day, to: Day, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return format.formatRange(Date.parse(from), Date.parse(to));
}
