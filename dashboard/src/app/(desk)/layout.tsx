"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Toaster } from "sonner";
import { Problem } from "@/lib/api";
import { SignInGate } from "@/features/staff";
import { LiveFloor } from "./live-floor";
import { SideBar } from "./side-bar";

export default function DeskLayout({ children }: { children: ReactNode }) {
  const [queries] = useState(newQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <SignInGate>
        <LiveFloor />
        <div className="flex h-dvh overflow-hidden bg-canvas">
          <SideBar />
          {children}
        </div>
      </SignInGate>
      <Toaster
        position="bottom-right"
        offset={16}
        toastOptions={{
          style: { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", fontSize: 13 },
        }}
      />
    </QueryClientProvider>
  );
}

/** Reads are tried again while the server is away; what it refused stays refused. Actions are never repeated unasked. */
function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => !(error instanceof Problem && error.status < 500) && failures < 8,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
