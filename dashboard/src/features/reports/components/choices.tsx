"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useAddress } from "@/lib/address";
import { useWords } from "@/lib/i18n";
import { FilterSelect } from "@/components/ui/filters";
import { IconButton } from "@/components/ui/icon-button";
import { Segmented } from "@/components/ui/segmented";
import { useZones } from "@/features/venues";
import { useFormats } from "../formats";
import { comparisonsOf, spans, stepped, type Period } from "../period";

/** Which days, compared with what, and of which zone. All of it stands in the address. */
export function Choices({ period, zoneId, end }: { period: Period; zoneId: string | null; end: ReactNode }) {
  const words = useWords("reports");
  const { range } = useFormats();
  const [, change] = useAddress();
  const zones = useZones() ?? [];
  const { span, days } = period;
  return (
    <>
      <Segmented
        label={words("span")}
        segments={spans.map((value) => ({ value, label: words(`spans.${value}`) }))}
        value={span}
        // A week that is over is opened as the day on which it ended.
        onChange={(value) => change({ span: value, day: period.isLast ? null : days.to, with: null })}
      />
      <div className="flex shrink-0 items-center gap-1">
        <IconButton
          label={words(`earlier.${span}`)}
          Icon={ChevronLeft}
          className="border border-line rtl:-scale-x-100"
          onClick={() => change({ day: stepped(period, -1) })}
        />
        <span
          aria-live="polite"
          className="min-w-[150px] px-1 text-center font-semibold whitespace-nowrap tabular-nums"
        >
          {range(days)}
        </span>
        <IconButton
          label={words(`later.${span}`)}
          Icon={ChevronRight}
          className="border border-line disabled:opacity-45 rtl:-scale-x-100"
          disabled={period.isLast}
          onClick={() => change({ day: stepped(period, 1) })}
        />
      </div>
      <FilterSelect
        label={words("comparedWith")}
        value={period.comparison === "before" ? "" : period.comparison}
        options={comparisonsOf[span].map((each) => ({
          value: each === "before" ? "" : each,
          label: words(`compared.${span}.${each}` as "compared.day.before"),
        }))}
        onChange={(value) => change({ with: value })}
      />
      {zones.length > 0 && (
        <FilterSelect
          label={words("zone")}
          value={zoneId ?? ""}
          options={[
            { value: "", label: words("allZones") },
            ...zones.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => change({ zone: value })}
        />
      )}
      {end}
    </>
  );
}
