"use client";

import { memo, useCallback } from "react";
import { useWords } from "@/lib/i18n";
import { useEntry, useLink, useStationView, type Entry } from "@/lib/live";
import { useTimeWords } from "@/lib/time";
import { useVenueTime } from "@/features/venues";
import { groupOf } from "../filter";
import { kindIcons } from "../kinds";
import { useIsPicked } from "../picked";
import { deriveTile, type TileView } from "../tile";
import { useTileWords } from "../tile-words";
import { FreeShape, StateMark, SurpriseMark, WarningMark } from "./state-mark";

export interface StationRowProps {
  id: string;
  selected: boolean;
  onSelect: (id: string) => void;
}

/** One station as a row of the list. All of it can be pressed. */
export const StationRow = memo(function StationRow({ id, selected, onSelect }: StationRowProps) {
  const { live } = useLink();
  const derive = useCallback((entry: Entry, now: number) => deriveTile(entry, now, live), [live]);
  const view = useStationView(id, derive);
  const picked = useIsPicked(id);
  const zone = useEntry(id)?.station.zone?.name;
  const words = useWords("stations");
  const said = useTileWords();
  const time = useVenueTime();
  const lengths = useTimeWords();
  if (!view) return null;
  const Kind = kindIcons[view.kind];
  const standing = view.state === "time-up" && view.digits === null;
  return (
    <tr
      role="row"
      className="station-row list-row"
      data-state={view.state}
      data-tone={view.tone ?? undefined}
      data-selected={selected || picked ? "" : undefined}
    >
      <td role="cell" className="col-name">
        <button
          type="button"
          aria-label={said.spoken(view)}
          aria-expanded={selected}
          aria-pressed={picked || undefined}
          data-station={view.name}
          data-station-id={id}
          onClick={() => onSelect(id)}
          className="list-press flex min-w-0 items-center gap-2 text-start font-semibold"
        >
          <Kind size={14} aria-hidden className="shrink-0 text-ink-3 max-md:hidden" />
          <span className="truncate">{view.name}</span>
        </button>
      </td>
      <td role="cell" className="col-status flex min-w-0 items-center gap-2">
        <span className="grid w-[14px] shrink-0 place-items-center">
          <Mark view={view} />
        </span>
        <span className={`truncate ${view.warning === null ? "text-ink-2" : "font-semibold text-soon"}`}>
          {said.warning(view) ?? said.word(view) ?? words(`counts.${groupOf(view.state)}`)}
        </span>
        {view.surprise && <SurpriseMark surprise={view.surprise} />}
      </td>
      <td role="cell" className="col-player truncate">
        <bdi className="inline-block max-w-full truncate align-bottom">{said.player(view)}</bdi>
      </td>
      <td role="cell" className="col-time text-[15px]/5 font-semibold text-[var(--tone)] tabular-nums">
        {view.digits !== null && lengths.digits(view.digits)}
        {view.unit && <span className="ms-[0.12em] text-[0.7em]">{lengths.hourUnit}</span>}
        {standing && said.word(view)}
      </td>
      <td role="cell" className="col-ends truncate text-ink-3 tabular-nums">
        {view.endsAt !== null
          ? time.clock(view.endsAt)
          : (said.note(view) ?? (view.freeSince === null ? "" : words("since", { time: time.clock(view.freeSince) })))}
      </td>
      <td role="cell" className="col-zone truncate text-ink-3">
        {zone ?? words("noZone")}
      </td>
    </tr>
  );
});

function Mark({ view }: { view: TileView }) {
  if (view.warning !== null) return <WarningMark />;
  return view.state === "free" ? <FreeShape /> : <StateMark state={view.state} onSurface />;
}
