"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useKeys } from "@/lib/keys";
import { asDialog, later } from "@/components/ui/later";
import { pageKeys } from "./page-keys";
import { useDeskPages } from "./side-bar";

const Palette = later(async () => (await import("./palette")).Palette, asDialog);
const ShortcutSheet = later(async () => (await import("./shortcut-sheet")).ShortcutSheet, asDialog);

const SEQUENCE_MS = 1_500;

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
