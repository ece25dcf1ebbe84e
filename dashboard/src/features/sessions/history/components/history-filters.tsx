"use client";

import { DateRange } from "@/components/ui/date-range";
import { FilterBar, FilterSelect } from "@/components/ui/filters";
import { useWords } from "@/lib/i18n";
import { useStationOptions } from "@/features/stations";
import { useBusinessDays, useZones } from "@/features/venues";
import { dayPresets, endReasons, statuses, type HistoryAddress } from "../filters";

/** What the list is narrowed by, beside the search for a name. */
export function HistoryFilterBar({ address: { filters, change } }: { address: HistoryAddress }) {
  const words = useWords("history");
  const calendar = useBusinessDays();
  const zones = useZones() ?? [];
  const stations = useStationOptions();
  return (
    <FilterBar label={words("filters.label")}>
      {calendar && (
        <DateRange
          value={filters.days}
          onChange={(days) => change({ days })}
          today={calendar.today}
          presets={dayPresets}
        />
      )}
      <FilterSelect
        label={words("filters.status")}
        value={filters.status}
        onChange={(status) => change({ status })}
        options={[
          { value: "", label: words("filters.everyStatus") },
          ...statuses.map((value) => ({ value, label: words(`statuses.${value}`) })),
        ]}
      />
      <FilterSelect
        label={words("filters.station")}
        value={filters.station}
        onChange={(station) => change({ station })}
        options={[{ value: "", label: words("filters.everyStation") }, ...stations]}
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
