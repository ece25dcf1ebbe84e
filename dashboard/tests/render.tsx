import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import { SpokenIn } from "@/lib/i18n";
import en from "@/messages/en";

/** Renders as the page does: in English, with the queries around it. */
export function renderPage(page: ReactNode): RenderResult {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false }, mutations: { retry: false } } });
  return render(
    <SpokenIn language="en" messages={en}>
      <QueryClientProvider client={queries}>{page}</QueryClientProvider>
    </SpokenIn>,
  );
}
