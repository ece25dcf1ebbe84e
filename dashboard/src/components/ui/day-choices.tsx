"use client";

import { Check } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useState, type FormEvent, type RefObject } from "react";
import { useWords } from "@/lib/i18n";
import { daysOf, freeChoice } from "@/lib/time";
import { Button } from "./button";
import type { DateRangeProps } from "./date-range";
import { StandIn } from "./stand-in";

interface DayChoicesProps extends DateRangeProps {
  open: boolean;
  onClose: () => void;
  button: RefObject<HTMLButtonElement | null>;
}

/** What a `DateRange` opens: the presets, and two days of one's own. */
export function DayChoices({ open, onClose, button, value, onChange, today, presets }: DayChoicesProps) {
  const words = useWords("dates");
  const choose = (next: DateRangeProps["value"]) => {
    onChange(next);
    onClose();
  };
  return (
    <Popover.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Popover.Trigger asChild>
        <StandIn button={button} />
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
