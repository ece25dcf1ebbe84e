"use client";

import { FilterBar, FilterSelect } from "@/components/ui/filters";
import { useWords } from "@/lib/i18n";
import { StationFilter } from "@/features/stations";
import { DaysFilter, useZones } from "@/features/venues";
import { dayPresets, endReasons, statuses, type HistoryAddress } from "../filters";

/** What the list is narrowed by, beside the search for a name. */
export function HistoryFilterBar({ address: { filters, change } }: { address: HistoryAddress }) {
  const words = useWords("history");
  const zones = useZones() ?? [];
  return (
    <FilterBar label={words("filters.label")}>
      <DaysFilter value={filters.days} presets={dayPresets} onChange={(days) => change({ days })} />
      <FilterSelect
        label={words("filters.status")}
        value={filters.status}
        onChange={(status) => change({ status })}
        options={[
          { value: "", label: words("filters.everyStatus") },
          ...statuses.map((value) => ({ value, label: words(`statuses.${value}`) })),
        ]}
      />
      <StationFilter
        label={words("filters.station")}
        all={words("filters.everyStation")}
        value={filters.station}
        onChange={(station) => change({ station })}
      />
      {zones.length > 0 && (
        <FilterSelect
          label={words("filters.zone")}
          value={filters.zone}
          onChange={(zone) => change({ zone })}
          options={[
            { value: "", label: words("filters.everyZone") },
            ...zones.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <FilterSelect
        label={words("filters.end")}
        value={filters.end}
        onChange={(end) => change({ end })}
        options={[
          { value: "", label: words("filters.everyEnd") },
          ...endReasons.map((value) => ({ value, label: words(`ends.${value}`) })),
        ]}
      />
    </FilterBar>
  );
}
