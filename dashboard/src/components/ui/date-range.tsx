"use client";

import { Calendar, Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useState, type FormEvent } from "react";
import { cn } from "@/lib/cn";
import { useLanguage, useWords } from "@/lib/i18n";
import { daysOf, freeChoice, isPreset, type Day, type DayChoice, type Preset } from "@/lib/time";
import { Button } from "./button";
import { filterShape } from "./filters";

interface DateRangeProps {
  value: DayChoice;
  onChange: (value: DayChoice) => void;
  /** The venue's business day of now. */
  today: Day;
  presets: readonly Preset[];
}

/** Which business days are looked at: a preset, or from one day to another. */
export function DateRange({ value, onChange, today, presets }: DateRangeProps) {
  const words = useWords("dates");
  const [open, setOpen] = useState(false);
  const label = useDayChoiceText(value);
  const choose = (next: DayChoice) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={cn(filterShape, "font-semibold")} aria-label={words("label", { days: label })}>
        <Calendar size={15} aria-hidden className="text-ink-3" />
        {label}
        <ChevronDown size={14} aria-hidden className="text-ink-3" />
      </Popover.Trigger>
      {/* Not in a portal: what stands outside of the page's landmarks is hard to find with a screen reader. */}
      <Popover.Content
        align="start"
        sideOffset={6}
        collisionPadding={8}
        aria-label={words("choose")}
        className="appear z-50 w-[280px] rounded-[12px] border border-line bg-zone p-1.5 shadow-panel outline-none light:bg-surface"
      >
        <ul>
          {presets.map((preset) => (
            <li key={preset}>
              <button
                type="button"
                aria-pressed={value === preset}
                onClick={() => choose(preset)}
                className="flex h-8 w-full items-center rounded-[6px] px-2 text-start hover:bg-raised max-md:h-11"
              >
                <span className="flex-1">{words(`presets.${preset}`)}</span>
                {value === preset && <Check size={15} aria-hidden />}
              </button>
            </li>
          ))}
        </ul>
        <FreeDays key={value} value={value} today={today} onChange={choose} />
      </Popover.Content>
    </Popover.Root>
  );
}

const dayField =
  "h-9 w-full min-w-0 rounded-[7px] border border-line-strong bg-surface px-2 tabular-nums max-md:h-11 max-md:text-[16px]";

function FreeDays({ value, today, onChange }: Omit<DateRangeProps, "presets">) {
  const words = useWords("dates");
  const id = useId();
  const [{ from, to }, set] = useState(() => daysOf(value, today) ?? { from: today, to: today });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (from !== "" && to !== "") onChange(freeChoice(from, to));
  };
  return (
    <form onSubmit={submit} className="mt-1.5 grid gap-2 border-t border-line px-2 pt-2.5 pb-1.5">
      <div className="grid grid-cols-2 gap-2">
        <label htmlFor={`${id}-from`} className="grid gap-1 text-[12px]/4 font-semibold text-ink-2">
          {words("from")}
          <input
            id={`${id}-from`}
            type="date"
            required
            max={today}
            value={from}
            onChange={(event) => set({ from: event.target.value, to })}
            className={dayField}
          />
        </label>
        <label htmlFor={`${id}-to`} className="grid gap-1 text-[12px]/4 font-semibold text-ink-2">
          {words("to")}
          <input
            id={`${id}-to`}
            type="date"
            required
            max={today}
            value={to}
            onChange={(event) => set({ from, to: event.target.value })}
            className={dayField}
          />
        </label>
      </div>
      <Button type="submit">{words("show")}</Button>
    </form>
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
