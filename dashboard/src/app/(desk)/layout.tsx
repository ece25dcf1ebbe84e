"use client";

import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { Queries } from "@/lib/queries";
import { SignInGate } from "@/features/staff";
import { LiveFloor } from "./live-floor";
import { SideBar } from "./side-bar";

export default function DeskLayout({ children }: { children: ReactNode }) {
  return (
    <Queries>
      <SignInGate>
        <LiveFloor />
        <div data-desk className="flex h-dvh overflow-hidden bg-canvas">
          <SideBar />
          {children}
        </div>
      </SignInGate>
      <Toaster
        position="bottom-right"
        offset={16}
        visibleToasts={3}
        expand
        toastOptions={{
          style: { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", fontSize: 13 },
        }}
      />
    </Queries>
  );
}
