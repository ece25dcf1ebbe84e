"use client";

import { Suspense } from "react";
import { EndingNext, SelectionBar, StationPanel } from "@/features/sessions";
import { ConnectionRow, Counts, Floor } from "@/features/stations";
import { FloorKeys } from "./floor-keys";
import { TopBar } from "./top-bar";

/** The live floor, with the chosen station's panel beside it. */
export default function FloorPage() {
  return (
    <Suspense>
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar />
        <div className="relative flex min-h-0 flex-1">
          <main className="@container flex min-w-0 flex-1 flex-col max-md:overflow-y-auto">
            <div className="h-11 shrink-0 border-b border-line max-md:h-16">
              <ConnectionRow>
                <Counts />
              </ConnectionRow>
            </div>
            <div className="flex flex-col bg-plan max-md:flex-1 md:min-h-0 md:flex-1">
              <EndingNext />
              <div className="plan-scroll scroll-p-4 px-4 pt-2 pb-4 md:min-h-0 md:flex-1 md:overflow-auto">
                <Floor />
              </div>
              <SelectionBar />
            </div>
          </main>
          <StationPanel />
          <FloorKeys />
        </div>
      </div>
    </Suspense>
  );
}
