"use client";

import { ChevronDown, Search, X } from "lucide-react";
import { useEffect, useId, useRef, useState, type ComponentProps, type ReactNode } from "react";
import { cn } from "@/lib/cn";

/** What a filter looks like that isn't pressed; `max-md` is the size for fingers. */
export const filterShape =
  "flex h-8 shrink-0 items-center gap-2 rounded-[7px] border border-line bg-surface px-3 whitespace-nowrap hover:bg-raised max-md:h-11";

/** The row of a page's filters: it wraps, and scrolls in one row on a phone. */
export function FilterBar({ label, children, end }: { label: string; children: ReactNode; end?: ReactNode }) {
  return (
    <div
      role="search"
      aria-label={label}
      className="flex shrink-0 flex-wrap items-center gap-2 px-4 pb-3 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {children}
      {end && <div className="ms-auto shrink-0 ps-2 text-ink-3 tabular-nums">{end}</div>}
    </div>
  );
}

export interface Option {
  value: string;
  label: string;
}

/** One choice among some, or none (""), as a pill that says what it filters and by what. */
export function FilterSelect({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  /** The first is what stands for no filter. A list with a `group` is shown under that heading. */
  options: readonly (Option | { group: string; options: readonly Option[] })[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div
      className={cn(
        filterShape,
        "relative px-0 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-focus",
        value !== "" && "border-accent bg-accent-soft",
      )}
    >
      <label htmlFor={id} className="pointer-events-none ps-3 text-ink-3">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-full max-w-[180px] cursor-pointer appearance-none truncate bg-transparent pe-8 font-semibold outline-none max-md:text-[16px] [&>*]:bg-surface [&>*]:text-ink"
      >
        {options.map((option) =>
          "group" in option ? (
            <optgroup key={option.group} label={option.group}>
              {option.options.map(choice)}
            </optgroup>
          ) : (
            choice(option)
          ),
        )}
      </select>
      <ChevronDown size={14} aria-hidden className="pointer-events-none absolute end-3 text-ink-3" />
    </div>
  );
}

function choice({ value, label }: Option) {
  return (
    <option key={value} value={value}>
      {label}
    </option>
  );
}

/** A filter that is on or off. */
export function FilterToggle({ pressed, className, ...rest }: ComponentProps<"button"> & { pressed: boolean }) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      className={cn(filterShape, "font-semibold", pressed && "border-accent bg-accent-soft", className)}
      {...rest}
    />
  );
}

/** How long after the last key a search begins. */
const SEARCH_AFTER_MS = 250;

/** Searches as one types; `/` jumps here, Escape empties it. */
export function SearchField({
  label,
  placeholder,
  clear,
  value,
  onSearch,
  maxLength = 80,
}: {
  label: string;
  placeholder: string;
  /** What the button is called that empties the field. */
  clear: string;
  value: string;
  onSearch: (text: string) => void;
  maxLength?: number;
}) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // Changed from outside: by the back button, or by taking all filters off.
    setKnown(value);
    if (typed.trim() !== value) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = setTimeout(() => onSearch(typed.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);
  useEffect(() => jumpOnSlash(field.current), []);

  const empty = () => {
    setTyped("");
    onSearch("");
  };
  return (
    <div className="relative w-[264px] shrink-0 max-md:w-auto max-md:min-w-[180px] max-md:flex-1">
      <Search
        size={15}
        aria-hidden
        className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-ink-3"
      />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        maxLength={maxLength}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onSearch(typed.trim());
          if (event.key !== "Escape") return;
          event.stopPropagation();
          empty();
          field.current?.blur();
        }}
        className="h-8 w-full rounded-[7px] border border-line bg-surface ps-9 pe-8 placeholder:text-ink-3 focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus max-md:h-11 max-md:text-[16px] [&::-webkit-search-cancel-button]:hidden"
      />
      {typed === "" ? (
        <kbd
          aria-hidden
          className="pointer-events-none absolute end-2 top-1/2 -translate-y-1/2 rounded-[4px] border border-line px-1.5 font-sans text-[11px]/4 text-ink-3 max-md:hidden"
        >
          /
        </kbd>
      ) : (
        <button
          type="button"
          aria-label={clear}
          onClick={empty}
          className="absolute end-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded-[4px] text-ink-3 hover:text-ink"
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}

function jumpOnSlash(field: HTMLInputElement | null): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    field?.focus();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
