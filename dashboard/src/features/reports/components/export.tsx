"use client";

import { Download } from "lucide-react";
import { useWords } from "@/lib/i18n";
import { Button } from "@/components/ui/button";
import { csvOf } from "../sheet";
import type { Period } from "../period";
import { useSheets } from "../sheets";

/** Saves what is shown as a file for a spreadsheet. */
export function Export({ period, zoneId }: { period: Period; zoneId: string | null }) {
  const words = useWords("common");
  const sheets = useSheets(period, zoneId);
  const save = () => {
    if (sheets === null) return;
    const { line, hours, sessions, zones, stations } = sheets;
    const text = csvOf([hours, sessions, line, zones, stations].map(({ sheet }) => sheet));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = `analytics-${period.days.from}-${period.days.to}.csv`;
    link.click();
    // Some browsers read the file only after the click is over.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <Button onClick={save} disabled={sheets === null} className="shrink-0">
      <Download size={15} aria-hidden />
      {words("export")}
    </Button>
  );
}
