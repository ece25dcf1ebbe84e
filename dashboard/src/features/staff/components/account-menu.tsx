"use client";

import { later } from "@/components/ui/later";
import { MenuButton } from "@/components/ui/menu-button";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { useMe } from "../queries";

const AccountItems = later(async () => (await import("./account-items")).AccountItems);

/** The person who is signed in, with the choice of theme and language, and the way out. `wide` shows name and role beside it. */
export function AccountMenu({ wide }: { wide: boolean }) {
  const me = useMe();
  const words = useWords("shell");
  const name = me?.username ?? "";
  const role = me ? words(`roles.${me.role}`) : "\u00a0";
  return (
    <MenuButton
      Menu={AccountItems}
      label={words("account.label", { name })}
      className={cn(
        "flex w-full min-w-0 items-center gap-3 rounded-[8px] p-1.5 text-start outline-offset-0 hover:bg-raised data-[state=open]:bg-raised",
        !wide && "md:p-0.5",
      )}
    >
      <span className="grid size-8 shrink-0 place-items-center rounded-full bg-raised text-[12px] font-semibold text-ink-2 uppercase">
        {name.slice(0, 2)}
      </span>
      {wide && (
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{name || "\u00a0"}</span>
          <span className="block truncate text-[12px]/4 text-ink-3">{role}</span>
        </span>
      )}
    </MenuButton>
  );
}
