"use client";

import { useWords } from "@/lib/i18n";
import { useTitle } from "@/components/ui/page";
import { SoundSwitch } from "@/features/sessions";
import { AccountMenu } from "@/features/staff";
import { LivePill, EditSwitch, SelectSwitch, StationSearch, ViewSwitch } from "@/features/stations";
import { VenueClock } from "@/features/venues";

/** The page's name, the venue's time, whether the floor is live, and the search. */
export function TopBar() {
  const title = useWords("shell")("pages.floor");
  useTitle(title);
  return (
    <header className="flex h-14 shrink-0 items-center gap-4 px-4">
      <h1 className="text-[16px]/6 font-semibold">{title}</h1>
      <VenueClock />
      <LivePill />
      <div className="ms-auto flex min-w-0 items-center gap-2">
        <StationSearch />
        <div className="flex items-center gap-2 max-md:hidden">
          <ViewSwitch />
          <SelectSwitch />
        </div>
        <SoundSwitch />
        <EditSwitch />
        <div className="md:hidden">
          <AccountMenu wide={false} />
        </div>
      </div>
    </header>
  );
}
