"use client";

import { ChartColumn } from "lucide-react";
import { useAddress } from "@/lib/address";
import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { EmptyState, FailedState } from "@/components/ui/empty";
import { Page } from "@/components/ui/page";
import { useBusinessDays } from "@/features/venues";
import { readPeriod, type Period } from "../period";
import { useFigures } from "../queries";
import { useSheets } from "../sheets";
import { Choices } from "./choices";
import { Export } from "./export";
import { HoursCard, KeyFigures, LineCard, SessionsCard } from "./cards";
import { LoadingCards } from "./loading";
import { ZonesCard } from "./zones-card";

/** How the venue was used: what an owner looks at in the morning. */
export function Analytics() {
  const words = useWords("shell");
  const [read] = useAddress();
  const today = useBusinessDays()?.today;
  const period = today === undefined ? null : readPeriod(read, today);
  const zoneId = read("zone");
  return (
    <Page
      title={words("pages.analytics")}
      actions={period && <Choices period={period} zoneId={zoneId} end={<Export period={period} zoneId={zoneId} />} />}
    >
      {period ? <Report period={period} zoneId={zoneId} /> : <LoadingCards />}
    </Page>
  );
}

function Report({ period, zoneId }: { period: Period; zoneId: string | null }) {
  const words = useWords("reports");
  const inWords = useInWords();
  const now = useFigures(period.days, zoneId);
  const before = useFigures(period.compared, zoneId);
  const failed = now.error ?? before.error;
  if (failed && !(now.data && before.data)) {
    const retry = () => void Promise.all([now.refetch(), before.refetch()]);
    const busy = now.isFetching || before.isFetching;
    return <FailedState title={words("failed")} why={inWords(failed)} onRetry={retry} busy={busy} />;
  }
  if (!now.data || !before.data) return <LoadingCards />;
  const nothing = now.data.total.played_seconds === 0 && before.data.total.played_seconds === 0;
  if (nothing) {
    return (
      <EmptyState Icon={ChartColumn} title={words("empty.title")}>
        {words("empty.text")}
      </EmptyState>
    );
  }
  const stale = now.isPlaceholderData || before.isPlaceholderData;
  return (
    <div
      aria-busy={stale || undefined}
      className={cn("grid gap-3", stale && "opacity-60 transition-opacity delay-150")}
    >
      <KeyFigures period={period} now={now.data} before={before.data} />
      <Cards period={period} zoneId={zoneId} />
    </div>
  );
}

function Cards({ period, zoneId }: { period: Period; zoneId: string | null }) {
  const sheets = useSheets(period, zoneId);
  if (sheets === null) return null;
  return (
    <div className="grid gap-3 min-[1280px]:grid-cols-[minmax(0,1fr)_404px]">
      <HoursCard sheets={sheets} />
      <SessionsCard sheets={sheets} />
      <LineCard sheets={sheets} />
      <ZonesCard sheets={sheets} />
    </div>
  );
}
