"use client";

import { TriangleAlert, X } from "lucide-react";
import type { FloorEvent } from "@/lib/api";
import { FilterBar, FilterSelect, FilterToggle } from "@/components/ui/filters";
import { useWords } from "@/lib/i18n";
import { StationFilter } from "@/features/stations";
import { DaysFilter } from "@/features/venues";
import { dayPresets, type ActivityAddress } from "../filters";
import { groups } from "../types";

/** What the log is narrowed by. People are those who stand in what is shown: who there is, only an owner may list. */
export function LogFilters({
  address: { filters, change },
  events,
}: {
  address: ActivityAddress;
  events: readonly FloorEvent[];
}) {
  const words = useWords("activity");
  return (
    <FilterBar label={words("filters.label")}>
      <DaysFilter value={filters.days} presets={dayPresets} onChange={(days) => change({ days })} />
      <FilterSelect
        label={words("filters.what")}
        value={filters.group}
        onChange={(what) => change({ what })}
        options={[
          { value: "", label: words("filters.everything") },
          ...groups.map((value) => ({ value, label: words(`groups.${value}`) })),
        ]}
      />
      <StationFilter
        label={words("filters.where")}
        all={words("filters.everywhere")}
        value={filters.station}
        onChange={(station) => change({ station })}
      />
      <FilterSelect
        label={words("filters.who")}
        value={filters.person}
        onChange={(who) => change({ who })}
        options={[{ value: "", label: words("filters.anyone") }, ...peopleOf(events)]}
      />
      <FilterToggle pressed={filters.look} onClick={() => change({ look: filters.look ? null : "1" })}>
        <TriangleAlert size={15} aria-hidden className="text-soon" />
        {words("filters.look")}
      </FilterToggle>
      {filters.session !== "" && (
        <FilterToggle
          pressed
          title={words("filters.sessionOff")}
          aria-label={`${words("filters.session")}. ${words("filters.sessionOff")}`}
          onClick={() => change({ session: null })}
        >
          {words("filters.session")}
          <X size={14} aria-hidden />
        </FilterToggle>
      )}
    </FilterBar>
  );
}

function peopleOf(events: readonly FloorEvent[]) {
  const people = new Map<string, string>();
  for (const { actor } of events) if (actor.kind === "staff" && actor.id !== null) people.set(actor.id, actor.name);
  return [...people].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label));
}
