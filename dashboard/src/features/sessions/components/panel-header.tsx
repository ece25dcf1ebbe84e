"use client";

import { useCallback, type ReactNode } from "react";
import { useLink, useStationView, type Entry } from "@/lib/live";
import {
  deriveTile,
  FreeShape,
  kindIcons,
  StateMark,
  useTileWords,
  WarningMark,
  type TileState,
} from "@/features/stations";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";

const pills: Record<TileState, string> = {
  free: "bg-raised text-ink-2",
  "no-pc": "bg-raised text-ink-2",
  waiting: "bg-wait-soft text-wait",
  ok: "bg-ok-soft text-ok",
  soon: "bg-soon-soft text-soon",
  last: "bg-last-soft text-last",
  "time-up": "bg-last-solid text-on-last",
  paused: "bg-pause-soft text-pause",
  offline: "bg-raised text-ink",
  maintenance: "bg-raised text-ink-2",
};

/** Which station this is, where it stands, and its state as a word. */
export function PanelHeader({ entry, title }: { entry: Entry; title: ReactNode }) {
  const { live } = useLink();
  const said = useTileWords();
  const words = useWords("sessions");
  const derive = useCallback((known: Entry, now: number) => deriveTile(known, now, live), [live]);
  const view = useStationView(entry.station.id, derive);
  if (!view) return null;
  const Kind = kindIcons[entry.station.kind];
  const warning = said.warning(view);
  const warned = warning !== null;
  const word = warning ?? words(`states.${view.state}`);
  const pill = warned ? "bg-soon-soft text-soon" : pills[view.state];
  return (
    <>
      <span className="grid size-10 shrink-0 place-items-center rounded-[8px] bg-raised text-ink-2">
        <Kind size={18} aria-hidden />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {title}
          <span
            className={cn(
              "flex shrink-0 items-center gap-1.5 rounded-full px-2.5 py-1 text-[12px]/4 font-medium",
              pill,
            )}
          >
            {warned ? <WarningMark /> : view.state === "free" ? <FreeShape /> : <StateMark state={view.state} />}
            {word}
          </span>
        </div>
        <div className="truncate text-[12px]/4 text-ink-3">{entry.station.zone?.name ?? words("noZone")}</div>
      </div>
    </>
  );
}
