"use client";

import { Search, X } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import { useWords } from "@/lib/i18n";
import { useFloorView, useStore, type Entry } from "@/lib/live";
import { useMediaQuery } from "@/lib/media";
import { filter, isFiltered, matches, type Filter } from "../filter";
import { deriveTile } from "../tile";
import { isTyping } from "../typing";

/** Looks for a station or a player; what isn't meant becomes quiet in its place. `/` jumps here. */
export function StationSearch() {
  const words = useWords("stations");
  const { text } = useStore(filter);
  const phone = useMediaQuery("(max-width: 767px)");
  const field = useRef<HTMLInputElement>(null);
  const look = (next: string) => filter.set({ ...filter.get(), text: next });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="relative w-[264px] max-md:w-auto max-md:min-w-0 max-md:flex-1">
      <Search
        size={15}
        aria-hidden
        className="pointer-events-none absolute start-3 top-1/2 -translate-y-1/2 text-ink-3"
      />
      <input
        ref={field}
        type="search"
        aria-label={words("search.label")}
        placeholder={words(phone ? "search.short" : "search.placeholder")}
        autoComplete="off"
        value={text}
        onChange={(event) => look(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          look("");
          field.current?.blur();
        }}
        className="h-8 w-full rounded-[7px] border border-line bg-surface ps-9 pe-8 placeholder:text-ink-3 focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus max-md:h-11 max-md:text-[16px] [&::-webkit-search-cancel-button]:hidden"
      />
      {text === "" ? (
        <kbd
          aria-hidden
          className="pointer-events-none absolute end-2 top-1/2 -translate-y-1/2 rounded-[4px] border border-line px-1.5 font-sans text-[11px]/4 text-ink-3 max-md:hidden"
        >
          /
        </kbd>
      ) : (
        <button
          type="button"
          aria-label={words("search.clear")}
          onClick={() => look("")}
          className="absolute end-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded-[4px] text-ink-3 hover:text-ink"
        >
          <X size={14} aria-hidden />
        </button>
      )}
      <NothingFound />
    </div>
  );
}

/** Quiet tiles alone could also mean that the one that is meant is out of sight. */
function NothingFound() {
  const words = useWords("stations");
  const guest = useWords("common")("guest");
  const sought = useStore(filter);
  const view = useCallback(
    (entries: Entry[], now: number) => ({ none: findsNothing(sought, entries, now, guest) }),
    [sought, guest],
  );
  const { none } = useFloorView(view);
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-full z-20 mt-1 rounded-[7px] border border-line bg-raised px-3 py-2 wrap-anywhere shadow-panel empty:hidden"
    >
      {none &&
        words(isFiltered({ ...sought, text: "" }) ? "search.nothingAmong" : "search.nothing", {
          text: sought.text.trim(),
        })}
    </p>
  );
}

function findsNothing(sought: Filter, entries: readonly Entry[], now: number, guest: string): boolean {
  if (sought.text.trim() === "" || entries.length === 0) return false;
  return !entries.some((entry) => matches(sought, deriveTile(entry, now, true), guest));
}
