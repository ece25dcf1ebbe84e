"use client";

import { Suspense, type ReactNode } from "react";
import { Words } from "@/lib/i18n";
import { Queries } from "@/lib/queries";
import { DeskDialogs } from "@/features/sessions";
import { SignInGate } from "@/features/staff";
import { BottomBar } from "./bottom-bar";
import { DeskKeys } from "./desk-keys";
import { LiveFloor } from "./live-floor";
import { NewVersion } from "./new-version";
import { Notices } from "./notices";
import { PagesAtHand } from "./pages-at-hand";
import { SideBar } from "./side-bar";

export default function DeskLayout({ children }: { children: ReactNode }) {
  return (
    <Words>
      <Queries>
        <SignInGate>
          <LiveFloor />
          <NewVersion />
          <PagesAtHand />
          <div data-desk className="flex h-dvh overflow-hidden bg-canvas">
            <SideBar />
            <div className="flex min-w-0 flex-1 flex-col">
              <div className="flex min-h-0 flex-1">{children}</div>
              <BottomBar />
            </div>
          </div>
          <DeskDialogs />
          <Suspense>
            <DeskKeys />
          </Suspense>
        </SignInGate>
        <Suspense>
          <Notices />
        </Suspense>
      </Queries>
    </Words>
  );
}
