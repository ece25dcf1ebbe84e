"use client";

import { useMemo } from "react";
import { FilterBar, FilterSelect, FilterToggle, SearchField } from "@/components/ui/filters";
import { useAddress } from "@/lib/address";
import type { Station, Zone } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { isOlder, isShowable, versionsOf, type RosterFilter } from "../roster";

/** In the address "none" stands for the stations without a zone. */
const NO_ZONE = "none";

/** What is looked for, as the address says it. */
export function useRosterFilter(): [RosterFilter, ReturnType<typeof useAddress>[1]] {
  const [read, change] = useAddress();
  const [text, zone, show] = [read("find") ?? "", read("zone"), read("show")];
  const filter = useMemo(
    () => ({ text, zone: zone === NO_ZONE ? "" : zone, show: isShowable(show) ? show : null }),
    [text, zone, show],
  );
  return [filter, change];
}

/** Search and filters over the stations, and what their agents' versions are. */
export function RosterFilters({ stations, zones }: { stations: readonly Station[]; zones: readonly Zone[] }) {
  const words = useWords("places");
  const [filter, change] = useRosterFilter();
  const versions = versionsOf(stations);
  const newest = versions[0]?.version ?? null;
  const older = stations.filter((station) => isOlder(station, newest)).length;
  return (
    <FilterBar
      label={words("filter.label")}
      end={
        newest !== null && (
          <span>
            {words.rich("versions.newest", {
              version: newest,
              count: versions[0]?.count ?? 0,
              b: (text) => <bdi>{text}</bdi>,
            })}
          </span>
        )
      }
    >
      <SearchField
        label={words("filter.search")}
        placeholder={words("filter.searchHint")}
        clear={words("filter.clear")}
        value={filter.text}
        onSearch={(text) => change({ find: text })}
      />
      {zones.length > 0 && (
        <FilterSelect
          label={words("filter.zone")}
          value={filter.zone === "" ? NO_ZONE : (filter.zone ?? "")}
          options={[
            { value: "", label: words("filter.allZones") },
            ...zones.map(({ id, name }) => ({ value: id, label: name })),
            { value: NO_ZONE, label: words("zone.none") },
          ]}
          onChange={(zone) => change({ zone })}
        />
      )}
      <FilterSelect
        label={words("filter.show")}
        value={filter.show === "older" ? "" : (filter.show ?? "")}
        options={[
          { value: "", label: words("filter.all") },
          ...(["connected", "away", "never", "byHand", "maintenance"] as const).map((value) => ({
            value,
            label: words(`contact.${value}`),
          })),
        ]}
        onChange={(show) => change({ show })}
      />
      {(older > 0 || filter.show === "older") && (
        <FilterToggle
          pressed={filter.show === "older"}
          onClick={() => change({ show: filter.show === "older" ? null : "older" })}
        >
          {words("versions.older", { count: older })}
        </FilterToggle>
      )}
    </FilterBar>
  );
}
