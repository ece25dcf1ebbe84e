"use client";

import { Dialog } from "@/components/ui/dialog";
import { useWords } from "@/lib/i18n";
import { useSingleKeys } from "@/lib/keys";
import { Switch } from "@/components/ui/switch";
import { pageKeys } from "./page-keys";
import { useDeskPages } from "./side-bar";

const groups = [
  {
    name: "everywhere",
    keys: [
      { keys: ["Ctrl", "K"], does: "palette" },
      { keys: ["?"], does: "sheet" },
      { keys: ["Ctrl", "Z"], does: "undo" },
      { keys: ["Esc"], does: "back" },
      { keys: ["Ctrl", "↵"], does: "send" },
    ],
  },
  {
    name: "station",
    keys: [
      { keys: ["N"], does: "start" },
      { keys: ["1"], does: "add15" },
      { keys: ["2"], does: "add30" },
      { keys: ["3"], does: "add60" },
      { keys: ["P"], does: "pause" },
      { keys: ["M"], does: "move" },
      { keys: ["T"], does: "message" },
      { keys: ["L"], does: "lock" },
      { keys: ["E"], does: "end" },
    ],
  },
  {
    name: "floor",
    keys: [
      { keys: ["/"], does: "search" },
      { keys: ["←", "↑", "→", "↓"], does: "arrows" },
      { keys: ["↵"], does: "open" },
      { keys: ["["], does: "before" },
      { keys: ["]"], does: "after" },
      { keys: ["V"], does: "view" },
    ],
  },
] as const;

/** All keys, and the switch for those that are pressed alone. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const [words, shell] = [useWords("keys"), useWords("shell")];
  const [single, setSingle] = useSingleKeys();
  const pages = useDeskPages().filter(({ name }) => name in pageKeys);
  return (
    <Dialog open onClose={onClose} title={words("sheet.title")} className="w-[720px]">
      <div className="columns-2 gap-8 max-md:columns-1">
        {groups.map(({ name, keys }) => (
          <Keys
            key={name}
            title={words(`groups.${name}`)}
            lines={keys.map((one) => [words(`does.${one.does}`), one.keys])}
          />
        ))}
        <Keys
          title={words("groups.pages")}
          lines={pages.map(({ name }) => [shell(`pages.${name}`), ["G", (pageKeys[name] ?? "").toUpperCase()]])}
        />
        <Switch
          className="break-inside-avoid border-t border-line pt-4"
          label={words("single")}
          hint={words("singleHint")}
          checked={single}
          onChange={setSingle}
        />
      </div>
    </Dialog>
  );
}

function Keys({ title, lines }: { title: string; lines: readonly (readonly [string, readonly string[]])[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1.5 text-[12px]/4 font-semibold text-ink-2">{title}</h3>
      <dl>
        {lines.map(([does, keys]) => (
          <div key={does} className="flex items-center justify-between gap-4 border-b border-line py-1.5 last:border-0">
            <dt>{does}</dt>
            <dd dir="ltr" className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-[4px] border border-line bg-surface px-1.5 font-sans text-[12px]/5 text-ink-2"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
