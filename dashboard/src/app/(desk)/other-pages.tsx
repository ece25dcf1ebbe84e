"use client";

import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import { ButtonMenu } from "@/components/ui/button-menu";
import type { MenuOfButton } from "@/components/ui/menu-button";
import { useWords } from "@/lib/i18n";
import { useDeskPages } from "./side-bar";

/** The pages that have no place of their own in a phone's bottom bar. */
export function OtherPages(ofButton: MenuOfButton) {
  const words = useWords("shell");
  const pages = useDeskPages().filter(({ atHand }) => !atHand);
  return (
    <ButtonMenu {...ofButton} align="end" className="min-w-[200px]">
      {pages.map(({ path, name, Icon }) => (
        <DropdownMenu.Item key={path} asChild>
          <Link
            href={path}
            prefetch={false}
            className="flex h-11 items-center gap-2.5 rounded-[6px] px-2 outline-none data-[highlighted]:bg-raised"
          >
            <Icon size={16} className="text-ink-3" aria-hidden />
            {words(`pages.${name}`)}
          </Link>
        </DropdownMenu.Item>
      ))}
    </ButtonMenu>
  );
}
