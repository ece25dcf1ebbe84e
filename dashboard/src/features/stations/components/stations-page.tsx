"use client";

import { MonitorCog, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty";
import { asDialog, later } from "@/components/ui/later";
import { Page } from "@/components/ui/page";
import { floor, useLink, useStationIds, useStore } from "@/lib/live";
import { useWords } from "@/lib/i18n";
import { useMayManage } from "@/features/staff";
import { useZones } from "@/features/venues";
import { useSelection } from "../selection";
import { RosterFilters, useRosterFilter } from "./roster-filters";
import { RosterTable } from "./roster-table";
import { ZoneForm } from "./zone-dialogs";

const AddStations = later(async () => (await import("./add-stations")).AddStations, asDialog);
const EnrolmentWizard = later(async () => (await import("./enrolment-wizard")).EnrolmentWizard, asDialog);
const StationDetails = later(async () => (await import("./station-details")).StationDetails);

/** All stations by zone: what they are, how they stand to their PCs, and looking after them. */
export function StationsPage() {
  const words = useWords("places");
  const ids = useStationIds();
  useStore(floor.revision);
  const stations = floor.all().map(({ station }) => station);
  const zones = useZones();
  const mayManage = useMayManage();
  const { live } = useLink();
  const [filter] = useRosterFilter();
  const [selected, select] = useSelection();
  const [adding, setAdding] = useState<"stations" | "zone" | null>(null);
  const [connecting, setConnecting] = useState<string | null>(null);
  const known = ids !== null && zones !== undefined;
  const chosen = stations.find(({ id }) => id === selected);

  return (
    <>
      <Page
        title={words("title")}
        aside={known && <span className="text-ink-3">{words("count", { count: stations.length })}</span>}
        actions={
          mayManage && (
            <>
              <Button disabled={!live} onClick={() => setAdding("zone")}>
                {words("zone.new")}
              </Button>
              <Button variant="primary" disabled={!live} onClick={() => setAdding("stations")}>
                <Plus size={15} aria-hidden />
                {words("add.open")}
              </Button>
            </>
          )
        }
        below={stations.length > 0 && zones && <RosterFilters stations={stations} zones={zones} />}
        panel={
          chosen && (
            <StationDetails
              key={chosen.id}
              station={chosen}
              mayManage={mayManage}
              onConnect={() => setConnecting(chosen.id)}
              onClose={() => select(null)}
            />
          )
        }
      >
        {known && stations.length === 0 && zones.length === 0 ? (
          <EmptyState
            Icon={MonitorCog}
            title={words("empty.title")}
            action={
              mayManage && (
                <Button variant="primary" size="main" disabled={!live} onClick={() => setAdding("stations")}>
                  {words("empty.action")}
                </Button>
              )
            }
          >
            {words(mayManage ? "empty.text" : "empty.ask")}
          </EmptyState>
        ) : (
          <RosterTable
            stations={known ? stations : null}
            zones={zones ?? []}
            filter={filter}
            selected={selected}
            mayManage={mayManage}
            onSelect={select}
            onConnect={setConnecting}
          />
        )}
      </Page>
      {adding === "stations" && (
        <AddStations
          stations={stations}
          zones={zones ?? []}
          onClose={() => setAdding(null)}
          onConnect={setConnecting}
        />
      )}
      {adding === "zone" && <ZoneForm onClose={() => setAdding(null)} />}
      {connecting !== null && (
        <EnrolmentWizard
          stations={stations}
          stationId={connecting}
          onStation={setConnecting}
          onClose={() => setConnecting(null)}
        />
      )}
    </>
  );
}
