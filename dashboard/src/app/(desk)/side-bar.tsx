"use client";

import { LayoutGrid } from "lucide-react";
import Link from "next/link";
import { Sign } from "@/components/ui/wordmark";
import { AccountMenu } from "@/features/staff";
import { VenueName } from "@/features/venues";

/** Where one can go. Wide: icon and word; narrower: a rail of icons; a phone has the account in its top bar. */
export function SideBar() {
  return (
    <aside className="flex w-[200px] shrink-0 flex-col border-e border-line px-2 py-4 max-xl:w-14 max-md:hidden">
      <div className="flex items-center gap-3 px-2 max-xl:px-1">
        <Sign />
        <div className="min-w-0 max-xl:hidden">
          <div className="font-semibold">
            <VenueName />
          </div>
          <div className="text-[12px]/4 text-ink-3">GameOps</div>
        </div>
      </div>
      <nav aria-label="Pages" className="mt-5 grid gap-0.5">
        <Link
          href="/"
          aria-current="page"
          title="Floor"
          className="flex h-8 items-center gap-3 rounded-[7px] bg-raised px-3 font-semibold max-xl:justify-center max-xl:px-0"
        >
          <LayoutGrid size={16} aria-hidden />
          <span className="max-xl:sr-only">Floor</span>
        </Link>
      </nav>
      <div className="mt-auto max-xl:hidden">
        <AccountMenu wide />
      </div>
      <div className="mt-auto grid justify-center xl:hidden">
        <AccountMenu wide={false} />
      </div>
    </aside>
  );
}
