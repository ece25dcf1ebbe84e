"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useId, useMemo, useState, type KeyboardEvent } from "react";
import { Dialog } from "@/components/ui/dialog";
import { cn } from "@/lib/cn";
import { isolate, useWords } from "@/lib/i18n";
import { clock, floor, useLink } from "@/lib/live";
import { useTimeWords } from "@/lib/time";
import { useStationActs } from "@/features/sessions";
import { deriveTile, useTileWords } from "@/features/stations";
import { useDeskPages } from "./side-bar";

interface Item {
  id: string;
  group: "acts" | "stations" | "pages";
  text: string;
  detail: string;
  run: () => void;
}

const SHOWN = 12;

/** Finds stations, players, what can be done to the chosen station, and pages; all by a few typed letters. */
export function Palette({ onClose, onSheet }: { onClose: () => void; onSheet: () => void }) {
  const words = useWords("keys");
  const list = useId();
  const [sought, setSought] = useState("");
  const [active, setActive] = useState(0);
  const items = useItems(onSheet);
  const found = useMemo(() => matching(items, sought).slice(0, SHOWN), [items, sought]);

  const run = (item: Item | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setActive((now) => (now + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[active]);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={<span className="sr-only">{words("palette.title")}</span>}
      className="top-[12dvh] w-[560px] translate-y-0 p-0"
    >
      <div className="flex items-center gap-3 border-b border-line px-5 pb-3">
        <Search size={16} aria-hidden className="shrink-0 text-ink-3" />
        <input
          role="combobox"
          aria-label={words("palette.label")}
          aria-expanded={found.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={found[active] ? `${list}-${active}` : undefined}
          placeholder={words("palette.placeholder")}
          autoComplete="off"
          autoFocus
          value={sought}
          onChange={(event) => {
            setSought(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-9 w-full bg-transparent text-[16px]/6 outline-none placeholder:text-ink-3"
        />
      </div>
      <ul id={list} role="listbox" aria-label={words("palette.title")} className="p-2">
        {found.map((item, index) => (
          <li
            key={item.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => run(item)}
            onMouseMove={() => setActive(index)}
            className={cn(
              "flex min-h-10 cursor-default items-center gap-3 rounded-[6px] px-3",
              index === active && "bg-raised",
            )}
          >
            <bdi className="min-w-0 truncate font-semibold">{item.text}</bdi>
            <span className="min-w-0 flex-1 truncate text-ink-3">{item.detail}</span>
            <span className="shrink-0 text-[12px]/4 text-ink-3">{words(`palette.${item.group}`)}</span>
          </li>
        ))}
      </ul>
      <p role="status" className="px-5 pb-4 text-ink-3 empty:hidden">
        {found.length === 0 && words("palette.nothing", { text: sought.trim() })}
      </p>
    </Dialog>
  );
}

/** Everything that can be found, as it is when the palette opens: what is chosen first, then stations, then pages. */
function useItems(onSheet: () => void): Item[] {
  const [words, shell] = [useWords("keys"), useWords("shell")];
  const router = useRouter();
  const pages = useDeskPages();
  const tile = useTileWords();
  const times = useTimeWords();
  const { live } = useLink();
  const acts = useStationActs();
  return useMemo(() => {
    const stations = floor.all().map((entry): Item => {
      const view = deriveTile(entry, clock.now(), live);
      const { id, name } = entry.station;
      const player = tile.player(view);
      const unit = view.unit === null ? "" : ` ${times.hourUnit}`;
      const state = view.digits === null ? tile.word(view) : times.digits(view.digits) + unit;
      const detail = [player && isolate(player), state].filter(Boolean).join(" · ");
      return { id, group: "stations", text: name, detail, run: () => router.push(`/?station=${id}`) };
    });
    const ways = pages.map(({ path, name }): Item => {
      return { id: path, group: "pages", text: shell(`pages.${name}`), detail: "", run: () => router.push(path) };
    });
    const sheet: Item = { id: "sheet", group: "pages", text: words("sheet.title"), detail: "?", run: onSheet };
    return [...acts.map((act): Item => ({ ...act, group: "acts" })), ...stations, ...ways, sheet];
  }, [acts, live, onSheet, pages, router, shell, tile, times, words]);
}

/** Those in which every typed word stands, names that begin so first. */
function matching(items: readonly Item[], sought: string): Item[] {
  const wanted = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter(({ text, detail }) => {
    const all = `${text} ${detail}`.toLocaleLowerCase();
    return wanted.every((word) => all.includes(word));
  });
  const first = wanted[0];
  if (first === undefined) return found;
  const begins = ({ text }: Item) => (text.toLocaleLowerCase().startsWith(first) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}
