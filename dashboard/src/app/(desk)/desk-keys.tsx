"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useKeys } from "@/lib/keys";
import { Palette } from "./palette";
import { ShortcutSheet } from "./shortcut-sheet";
import { useDeskPages } from "./side-bar";

const SEQUENCE_MS = 1_500;

/** `G` and then a letter goes to a page. */
export const pageKeys: Record<string, string> = {
  floor: "f",
  sessions: "s",
  stations: "d",
  activity: "a",
  analytics: "y",
};

/** What the keys open from every page: the palette, the sheet of all keys, and the pages. */
export function DeskKeys() {
  const [open, setOpen] = useState<"palette" | "sheet" | null>(null);
  const router = useRouter();
  const pages = useDeskPages();
  const began = useRef(0);

  useKeys(
    (key) => {
      if (key === "ctrl+k") {
        setOpen((now) => (now === "palette" ? null : "palette"));
        return true;
      }
      if (key === "?") {
        setOpen("sheet");
        return true;
      }
      const going = Date.now() - began.current < SEQUENCE_MS;
      began.current = key === "g" && !going ? Date.now() : 0;
      const page = going ? pages.find(({ name }) => pageKeys[name] === key) : undefined;
      if (page) router.push(page.path);
      return page !== undefined || key === "g";
    },
    ["ctrl+k"],
  );

  const close = () => setOpen(null);
  return (
    <>
      {open === "palette" && <Palette onClose={close} onSheet={() => setOpen("sheet")} />}
      {open === "sheet" && <ShortcutSheet onClose={close} />}
    </>
  );
}
