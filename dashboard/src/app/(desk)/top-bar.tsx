"use client";

import { AccountMenu } from "@/features/staff";
import { LivePill, StationSearch } from "@/features/stations";
import { VenueClock } from "@/features/venues";

/** The page's name, the venue's time, whether the floor is live, and the search. */
export function TopBar() {
  return (
    <header className="flex h-14 shrink-0 items-center gap-4 px-4">
      <h1 className="text-[16px]/6 font-semibold">Floor</h1>
      <VenueClock />
      <LivePill />
      <div className="ms-auto flex min-w-0 items-center gap-2">
        <StationSearch />
        <div className="md:hidden">
          <AccountMenu wide={false} />
        </div>
      </div>
    </header>
  );
}
