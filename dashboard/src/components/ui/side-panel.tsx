"use client";

import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "@/lib/i18n";
import { IconButton } from "./icon-button";

/** What a page shows of one thing of its list: beside it from 1280 px on, over it on narrower screens. Escape closes it. */
export function SidePanel({
  label,
  title,
  onClose,
  children,
}: {
  label: string;
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) {
  const words = useWords("common");
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    // Focus goes where the news is, and back to the row that opened it.
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
      className="panel-appear flex w-[424px] shrink-0 flex-col overflow-y-auto border-s border-line bg-zone outline-none max-xl:absolute max-xl:inset-y-0 max-xl:end-0 max-xl:z-20 max-xl:max-w-full max-xl:shadow-panel max-md:fixed max-md:inset-0 max-md:z-40 max-md:w-full light:bg-surface"
    >
      <div className="sticky top-0 z-10 flex items-start gap-2 bg-inherit px-5 pt-4 pb-3">
        <h2 className="min-w-0 flex-1 pt-1 text-[18px]/6 font-semibold">{title}</h2>
        <IconButton label={words("close")} Icon={X} onClick={onClose} className="-me-2" />
      </div>
      <div className="flex-1 px-5 pb-6">{children}</div>
    </section>
  );
}
