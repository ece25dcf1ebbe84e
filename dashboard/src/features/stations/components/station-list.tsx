"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { useWords } from "@/lib/i18n";
import { useFloorView, useStore, type Entry } from "@/lib/live";
import { Button } from "@/components/ui/button";
import { filter, NO_FILTER } from "../filter";
import { listSort } from "../floor-view";
import { listOrder, type Sort } from "../list-order";
import { StationRow } from "./station-row";

export interface StationListProps {
  selected: string | null;
  onSelect: (id: string) => void;
}

/** The stations as rows, in an order of one's choice; what isn't looked for is left out. */
export function StationList({ selected, onSelect }: StationListProps) {
  const words = useWords("stations");
  const guest = useWords("common")("guest");
  const sought = useStore(filter);
  const sort = useStore(listSort);
  const order = useCallback(
    (entries: Entry[], now: number) => ({ ids: listOrder(entries, now, sought, sort, guest) }),
    [sought, sort, guest],
  );
  const { ids } = useFloorView(order);
  const [over, setOver] = useState(false);
  const rows = useHeld(ids === "" ? [] : ids.split(" "), over, `${JSON.stringify(sought)} ${JSON.stringify(sort)}`);
  return (
    <div
      className="station-list overflow-hidden rounded-[12px] border border-line bg-zone light:bg-surface"
      onPointerEnter={() => setOver(true)}
      onPointerLeave={() => setOver(false)}
    >
      <table role="table" className="block w-full">
        <caption className="sr-only">{words("list.caption")}</caption>
        <thead role="rowgroup" className="block">
          <tr role="row" className="station-row text-[12px]/4 text-ink-3">
            <Head by="name" sort={sort} label={words("list.name")} />
            <Head by="status" sort={sort} label={words("list.status")} />
            <th role="columnheader" className="col-player text-start font-normal">
              {words("list.player")}
            </th>
            <Head by="time" sort={sort} label={words("list.time")} />
            <th role="columnheader" className="col-ends text-start font-normal">
              {words("list.ends")}
            </th>
            <th role="columnheader" className="col-zone text-start font-normal">
              {words("list.zone")}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" className="block">
          {rows.map((id) => (
            <StationRow key={id} id={id} selected={id === selected} onSelect={onSelect} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && (
        <div className="flex items-center gap-3 border-t border-line px-4 py-6 text-ink-2">
          <p>{words("list.none")}</p>
          <Button onClick={() => filter.set(NO_FILTER)}>{words("list.showAll")}</Button>
        </div>
      )}
    </div>
  );
}

function Head({ by, sort, label }: { by: Sort["by"]; sort: Sort; label: string }) {
  const chosen = sort.by === by;
  const Icon = chosen && sort.descending ? ChevronDown : ChevronUp;
  return (
    <th
      role="columnheader"
      aria-sort={chosen ? (sort.descending ? "descending" : "ascending") : undefined}
      className={`col-${by} text-start`}
    >
      <button
        type="button"
        onClick={() => listSort.set({ by, descending: chosen && !sort.descending })}
        className={`flex h-9 items-center gap-1 -outline-offset-2 hover:text-ink ${chosen ? "font-semibold text-ink" : ""}`}
      >
        {label}
        {chosen && <Icon size={14} aria-hidden />}
      </button>
    </th>
  );
}

/** Rows keep their order under the pointer, so that none slips away from it; `question` lets go of it at once. */
function useHeld(ids: string[], held: boolean, question: string): string[] {
  const last = useRef({ ids, question });
  /* eslint-disable react-hooks/refs -- what was painted last is exactly what is asked for here. */
  const before = last.current;
  const keep = held && before.question === question;
  const present = new Set(ids);
  const known = new Set(before.ids);
  const rows = keep ? [...before.ids.filter((id) => present.has(id)), ...ids.filter((id) => !known.has(id))] : ids;
  last.current = { ids: rows, question };
  /* eslint-enable react-hooks/refs */
  return rows;
}
