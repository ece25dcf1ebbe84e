import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Problem } from "@/lib/api";

/** A cache of what the server answered. It lives and goes with this element. */
export function Queries({ children }: { children: ReactNode }) {
  const [queries] = useState(newQueryClient);
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
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
