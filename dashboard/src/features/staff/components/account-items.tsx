"use client";

import { Check, Keyboard, KeyRound, LogOut, Monitor, Moon, MonitorX, Sun } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { ButtonMenu } from "@/components/ui/button-menu";
import type { MenuOfButton } from "@/components/ui/menu-button";
import { useInWords } from "@/lib/api";
import { cn } from "@/lib/cn";
import { isLanguageCode, languages, useLanguage, useWords } from "@/lib/i18n";
import { useSingleKeys } from "@/lib/keys";
import { isThemeChoice, useTheme, type ThemeChoice } from "@/lib/theme";
import { toast } from "@/lib/toast";
import { useMe, useSignOut } from "../queries";
import { ChangePassword, SignOutEverywhere } from "./own-account";

const themes: { choice: ThemeChoice; Icon: typeof Sun }[] = [
  { choice: "system", Icon: Monitor },
  { choice: "dark", Icon: Moon },
  { choice: "light", Icon: Sun },
];

const item =
  "flex h-8 cursor-default select-none items-center gap-2.5 rounded-[6px] px-2 outline-none data-[highlighted]:bg-raised light:data-[highlighted]:bg-raised max-md:h-11";

/** The choice of theme and language, one's own password, and the way out. */
export function AccountItems(ofButton: MenuOfButton) {
  const me = useMe();
  const signOut = useSignOut();
  const words = useWords("shell");
  const own = useWords("team");
  const [doing, setDoing] = useState<"password" | "everywhere" | null>(null);
  const inWords = useInWords();
  const [theme, setTheme] = useTheme();
  const [language, setLanguage] = useLanguage();
  const [singleKeys, setSingleKeys] = useSingleKeys();

  return (
    <>
      <ButtonMenu {...ofButton} align="start" className="w-[240px]">
        <div className="px-2 pt-1.5 pb-2">
          <div className="truncate font-semibold">{me?.username}</div>
          <div className="truncate text-[12px]/4 text-ink-3">{me && words(`roles.${me.role}`)}</div>
        </div>
        <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />
        <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-[12px]/4 text-ink-3">
          {words("account.theme")}
        </DropdownMenu.Label>
        <DropdownMenu.RadioGroup
          value={theme}
          onValueChange={(value) => {
            if (isThemeChoice(value)) setTheme(value);
          }}
        >
          {themes.map(({ choice, Icon }) => (
            <DropdownMenu.RadioItem
              key={choice}
              value={choice}
              className={item}
              onSelect={(event) => event.preventDefault()}
            >
              <Icon size={15} className="text-ink-3" aria-hidden />
              <span className="flex-1">{words(`account.themes.${choice}`)}</span>
              <DropdownMenu.ItemIndicator>
                <Check size={15} aria-hidden />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-[12px]/4 text-ink-3">
          {words("account.language")}
        </DropdownMenu.Label>
        <DropdownMenu.RadioGroup
          value={language}
          onValueChange={(value) => {
            if (isLanguageCode(value)) setLanguage(value);
          }}
        >
          {languages.map(({ code, name: itsName, direction }) => (
            <DropdownMenu.RadioItem
              key={code}
              value={code}
              className={item}
              onSelect={(event) => event.preventDefault()}
            >
              <span className="flex-1" lang={code} dir={direction}>
                {itsName}
              </span>
              <DropdownMenu.ItemIndicator>
                <Check size={15} aria-hidden />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />
        <DropdownMenu.CheckboxItem
          checked={singleKeys}
          onCheckedChange={setSingleKeys}
          onSelect={(event) => event.preventDefault()}
          className={cn(item, "max-md:hidden")}
        >
          <Keyboard size={15} className="text-ink-3" aria-hidden />
          <span className="flex-1">{words("account.singleKeys")}</span>
          <DropdownMenu.ItemIndicator>
            <Check size={15} aria-hidden />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.CheckboxItem>
        <DropdownMenu.Item className={item} onSelect={() => setDoing("password")}>
          <KeyRound size={15} className="text-ink-3" aria-hidden />
          {own("own.open")}
        </DropdownMenu.Item>
        <DropdownMenu.Item className={item} onSelect={() => setDoing("everywhere")}>
          <MonitorX size={15} className="text-ink-3" aria-hidden />
          {own("everywhere.open")}
        </DropdownMenu.Item>
        <DropdownMenu.Item
          className={item}
          onSelect={() => signOut.mutate(undefined, { onError: (error) => toast.error(inWords(error)) })}
        >
          <LogOut size={15} className="text-ink-3" aria-hidden />
          {words("account.signOut")}
        </DropdownMenu.Item>
      </ButtonMenu>
      {doing === "password" && <ChangePassword onClose={() => setDoing(null)} />}
      {doing === "everywhere" && <SignOutEverywhere onClose={() => setDoing(null)} />}
    </>
  );
}
