"use client";

import { Ellipsis } from "lucide-react";
import Link from "next/link";
import { later } from "@/components/ui/later";
import { MenuButton } from "@/components/ui/menu-button";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import type { DeskPage } from "./pages";
import { useDeskPages, useIsHere } from "./side-bar";

const OtherPages = later(async () => (await import("./other-pages")).OtherPages);

const place = "flex h-full min-w-0 flex-1 flex-col items-center justify-center gap-1 px-1 text-[12px]/4";

/** A phone's way to the pages: five places at most, the last of which opens the others. Nothing with one page only. */
export function BottomBar() {
  const words = useWords("shell");
  const pages = useDeskPages();
  if (pages.length < 2) return null;
  return (
    <nav
      aria-label={words("pages.label")}
      className="flex h-16 shrink-0 items-stretch border-t border-line bg-canvas md:hidden"
    >
      {pages
        .filter(({ atHand }) => atHand)
        .map((page) => (
          <Place key={page.path} page={page} />
        ))}
      {pages.some(({ atHand }) => !atHand) && (
        <MenuButton Menu={OtherPages} className={cn(place, "text-ink-2")}>
          <Ellipsis size={18} aria-hidden />
          {words("pages.more")}
        </MenuButton>
      )}
    </nav>
  );
}

function Place({ page: { path, name, Icon, Badge } }: { page: DeskPage }) {
  const words = useWords("shell");
  const here = useIsHere(path);
  return (
    <Link
      href={path}
      prefetch={false}
      aria-current={here ? "page" : undefined}
      className={cn(place, "relative", here ? "font-semibold text-ink" : "text-ink-2")}
    >
      <Icon size={18} aria-hidden />
      <span className="max-w-full truncate">{words(`pages.${name}`)}</span>
      {Badge && (
        <span className="absolute start-1/2 top-1.5 ms-2">
          <Badge />
        </span>
      )}
    </Link>
  );
}
