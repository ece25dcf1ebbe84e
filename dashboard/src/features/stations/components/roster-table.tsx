"use client";

import { ArrowDown, ArrowUp, Pencil, SearchX, Trash2 } from "lucide-react";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty";
import { IconButton } from "@/components/ui/icon-button";
import { SkeletonRows, Table } from "@/components/ui/table";
import type { Station, Zone } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { byZone, isSought, versionsOf, type RosterFilter, type RosterZone } from "../roster";
import { useMoveZone } from "../use-move-zone";
import { RosterRow, WIDE_ONLY } from "./roster-row";
import { RetireZone, ZoneForm } from "./zone-dialogs";

export interface RosterTableProps {
  /** Null while they aren't known. */
  stations: readonly Station[] | null;
  zones: readonly Zone[];
  filter: RosterFilter;
  selected: string | null;
  mayManage: boolean;
  onSelect: (id: string) => void;
  onConnect: (id: string) => void;
}

/** The stations in one table, a group for each zone. */
export function RosterTable({ stations, zones, filter, selected, mayManage, onSelect, onConnect }: RosterTableProps) {
  const words = useWords("places");
  const [changing, setChanging] = useState<{ zone: Zone; how: "rename" | "retire" } | null>(null);
  const newest = versionsOf(stations ?? [])[0]?.version ?? null;
  const filtering = filter.text !== "" || filter.zone !== null || filter.show !== null;
  const sought = (stations ?? []).filter((station) => isSought(station, filter, newest));
  const groups = byZone(sought, zones).filter((group) => group.stations.length > 0 || !filtering);
  const columns = [
    { name: words("column.station") },
    { name: words("column.connection") },
    { name: words("column.state"), className: "max-md:hidden" },
    { name: words("column.agent"), className: "@max-[720px]:hidden" },
    { name: words("column.system"), className: WIDE_ONLY },
  ];

  if (stations !== null && groups.length === 0) {
    return (
      <EmptyState Icon={SearchX} title={words("nothing.title")}>
        {words("nothing.text")}
      </EmptyState>
    );
  }
  return (
    <>
      <Table caption={words("title")} columns={columns} busy={stations === null}>
        {stations === null && <SkeletonRows columns={columns} />}
        {stations !== null &&
          groups.map((group, index) => (
            <ZoneRows
              key={group.zone?.id ?? ""}
              group={group}
              before={groups[index - 1]?.zone ?? null}
              after={groups[index + 1]?.zone ?? null}
              movable={!filtering}
              mayManage={mayManage}
              onChange={(zone, how) => setChanging({ zone, how })}
            >
              {group.stations.map((station) => (
                <RosterRow
                  key={station.id}
                  station={station}
                  newest={newest}
                  selected={station.id === selected}
                  mayManage={mayManage}
                  onSelect={onSelect}
                  onConnect={onConnect}
                />
              ))}
            </ZoneRows>
          ))}
      </Table>
      {changing?.how === "rename" && <ZoneForm zone={changing.zone} onClose={() => setChanging(null)} />}
      {changing?.how === "retire" && (
        <RetireZone
          zone={changing.zone}
          used={(stations ?? []).filter(({ zone }) => zone?.id === changing.zone.id).length}
          onClose={() => setChanging(null)}
        />
      )}
    </>
  );
}

function ZoneRows({
  group: { zone, stations },
  before,
  after,
  movable,
  mayManage,
  onChange,
  children,
}: {
  group: RosterZone;
  before: Zone | null;
  after: Zone | null;
  movable: boolean;
  mayManage: boolean;
  onChange: (zone: Zone, how: "rename" | "retire") => void;
  children: React.ReactNode;
}) {
  const words = useWords("places");
  const { live } = useLink();
  const move = useMoveZone();
  return (
    <>
      <tr>
        <th scope="rowgroup" colSpan={5} className="border-t border-line bg-plan ps-4 pe-2 text-start font-normal">
          <div className="flex h-10 items-center gap-2">
            <span className="truncate font-semibold text-ink-2">{zone?.name ?? words("zone.none")}</span>
            <span className="whitespace-nowrap text-ink-3">{words("count", { count: stations.length })}</span>
            {zone && mayManage && (
              <span className="ms-auto flex">
                {movable && (before || after) && (
                  <>
                    <IconButton
                      label={words("zone.up", { zone: zone.name })}
                      Icon={ArrowUp}
                      disabled={!live || !before}
                      onClick={() => before && move(zone, before)}
                      className="disabled:opacity-45"
                    />
                    <IconButton
                      label={words("zone.down", { zone: zone.name })}
                      Icon={ArrowDown}
                      disabled={!live || !after}
                      onClick={() => after && move(zone, after)}
                      className="disabled:opacity-45"
                    />
                  </>
                )}
                <IconButton
                  label={words("zone.rename", { zone: zone.name })}
                  Icon={Pencil}
                  disabled={!live}
                  onClick={() => onChange(zone, "rename")}
                />
                <IconButton
                  label={words("zone.retire", { zone: zone.name })}
                  Icon={Trash2}
                  disabled={!live}
                  onClick={() => onChange(zone, "retire")}
                />
              </span>
            )}
          </div>
        </th>
      </tr>
      {children}
    </>
  );
}
