"use client";

import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { cn } from "@/lib/cn";
import { control, Labelled, type LabelledProps } from "./labelled";

export interface Suggestion {
  value: string;
  /** Beside the value: what tells it from others. */
  detail: ReactNode;
}

/** A text field with suggestions below, chosen by arrows and Enter or by pressing. Anything else may be typed too. */
export function Combobox({
  label,
  aside,
  hint,
  problem,
  value,
  onChange,
  suggestions,
  listLabel,
  maxLength,
  autoFocus,
}: LabelledProps & {
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly Suggestion[];
  /** What the suggestions are. */
  listLabel: string;
  maxLength?: number;
  autoFocus?: boolean;
}) {
  const list = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open && suggestions.length > 0;

  const choose = (index: number) => {
    const chosen = suggestions[index];
    if (!chosen) return;
    onChange(chosen.value);
    setOpen(false);
    setActive(-1);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && suggestions.length > 0) {
      event.preventDefault();
      setOpen(true);
      setActive(
        (now) =>
          (now === -1 && step === -1 ? suggestions.length : now + step + suggestions.length) % suggestions.length,
      );
    } else if (event.key === "Enter" && shown && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      setActive(-1);
    }
  };

  return (
    <Labelled label={label} aside={aside} hint={hint} problem={problem}>
      {(tied) => (
        <>
          <input
            {...tied}
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={shown ? list : undefined}
            aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
            autoComplete="off"
            autoFocus={autoFocus}
            maxLength={maxLength}
            value={value}
            onChange={(event) => {
              onChange(event.target.value);
              setOpen(true);
              setActive(-1);
            }}
            onKeyDown={onKeyDown}
            onBlur={() => setOpen(false)}
            className={cn(control, "h-10 max-md:h-12")}
          />
          {shown && (
            <ul
              id={list}
              role="listbox"
              aria-label={listLabel}
              className="mt-1 rounded-[8px] border border-line bg-surface p-1"
            >
              {suggestions.map(({ value: own, detail }, index) => (
                <li
                  key={own}
                  id={`${list}-${index}`}
                  role="option"
                  aria-selected={index === active}
                  // Before the field loses the focus, and with it the list.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => choose(index)}
                  onMouseMove={() => setActive(index)}
                  className={cn(
                    "flex min-h-8 cursor-default items-center gap-3 rounded-[6px] px-2.5 max-md:min-h-11",
                    index === active && "bg-raised",
                  )}
                >
                  <bdi className="min-w-0 truncate font-semibold">{own}</bdi>
                  <span className="min-w-0 truncate text-[12px]/4 text-ink-3">{detail}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Labelled>
  );
}
