"use client";

import { Hourglass, LogOut, Pause, Plug, TriangleAlert, WifiOff, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import { useFloorView, useStationIds, useStore, type Entry } from "@/lib/live";
import { cn } from "@/lib/cn";
import { filter, groupOf, type Filter, type Group } from "../filter";
import { deriveTile } from "../tile";
import { FreeShape, LastShape, OkShape, SoonShape } from "./state-mark";

const groups: { group: Group; label: string; mark: ReactNode; always?: true }[] = [
  { group: "free", label: "Free", mark: <FreeShape />, always: true },
  { group: "in-session", label: "In session", mark: <OkShape />, always: true },
  { group: "waiting", label: "Waiting", mark: <Hourglass size={14} className="text-wait" aria-hidden /> },
  { group: "paused", label: "Paused", mark: <Pause size={14} className="text-pause" aria-hidden /> },
  { group: "offline", label: "Offline", mark: <WifiOff size={14} className="text-ink-2" aria-hidden /> },
  { group: "time-up", label: "Time up", mark: <LogOut size={14} className="text-last" aria-hidden /> },
  { group: "no-pc", label: "No PC", mark: <Plug size={14} className="text-ink-3" aria-hidden /> },
  { group: "maintenance", label: "Maintenance", mark: <Wrench size={14} className="text-ink-3" aria-hidden /> },
];

type Counts = Record<Group | "check" | "ok" | "soon" | "last", number>;

function count(entries: Entry[], now: number): Counts {
  const counts: Counts = {
    free: 0, "no-pc": 0, "in-session": 0, waiting: 0, paused: 0, offline: 0, "time-up": 0, maintenance: 0,
    check: 0, ok: 0, soon: 0, last: 0,
  }; // prettier-ignore
  for (const entry of entries) {
    const { state, warning } = deriveTile(entry, now, true);
    if (warning !== null) counts.check += 1;
    counts[groupOf(state)] += 1;
    if (state === "ok" || state === "soon" || state === "last") counts[state] += 1;
  }
  return counts;
}

/** How many stations are in which state. Pressing a state makes every other tile quiet. */
export function Counts() {
  const total = useStationIds()?.length ?? 0;
  const counts = useFloorView(count);
  const { group: chosen, text } = useStore(filter);
  const choose = (group: Filter["group"]) => filter.set({ text, group: group === chosen ? null : group });

  return (
    <div className="flex h-full items-center gap-1 overflow-x-auto px-4 [scrollbar-width:none]">
      <CountButton label="All" count={total} pressed={chosen === null} onClick={() => choose(null)} />
      {(counts.check > 0 || chosen === "check") && (
        <CountButton
          label="To check"
          count={counts.check}
          mark={<TriangleAlert size={14} className="text-soon" aria-hidden />}
          pressed={chosen === "check"}
          onClick={() => choose("check")}
        />
      )}
      {groups.map(({ group, label, mark, always }) =>
        always || counts[group] > 0 || chosen === group ? (
          <CountButton
            key={group}
            label={label}
            count={counts[group]}
            mark={mark}
            pressed={chosen === group}
            onClick={() => choose(group)}
          />
        ) : null,
      )}
      <dl className="ms-auto flex items-center gap-4 ps-4 text-[12px]/4 whitespace-nowrap text-ink-3 @max-[1000px]:hidden">
        <Legend mark={<OkShape />} count={counts.ok} label="over 10 min" />
        <Legend mark={<SoonShape />} count={counts.soon} label="5–10 min" />
        <Legend mark={<LastShape />} count={counts.last} label="under 5 min" />
      </dl>
    </div>
  );
}

interface CountProps {
  label: string;
  count: number;
  mark?: ReactNode;
  pressed: boolean;
  onClick: () => void;
}

function CountButton({ label, count, mark, pressed, onClick }: CountProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={cn(
        "flex h-[30px] shrink-0 items-center gap-1.5 rounded-[7px] px-2.5 whitespace-nowrap -outline-offset-2 hover:bg-raised max-md:h-11 max-md:border max-md:border-line",
        pressed && "bg-raised",
      )}
    >
      {mark}
      <span className="text-[14px] font-semibold tabular-nums">{count}</span>{" "}
      <span className="text-ink-3">{label}</span>
    </button>
  );
}

function Legend({ mark, count, label }: { mark: ReactNode; count: number; label: string }) {
  return (
    <div className="flex items-center gap-1.5">
      {mark}
      <dd className="font-semibold text-ink tabular-nums">{count}</dd>
      <dt>{label}</dt>
    </div>
  );
}
