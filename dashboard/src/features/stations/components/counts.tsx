"use client";

import { Hourglass, LogOut, Pause, Plug, TriangleAlert, WifiOff, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import { useFloorView, useStationIds, useStore, type Entry } from "@/lib/live";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { filter, groupOf, type Filter, type Group } from "../filter";
import { deriveTile } from "../tile";
import { FreeShape, LastShape, OkShape, SoonShape } from "./state-mark";

const groups: { group: Group; mark: ReactNode; always?: true }[] = [
  { group: "free", mark: <FreeShape />, always: true },
  { group: "in-session", mark: <OkShape />, always: true },
  { group: "waiting", mark: <Hourglass size={14} className="text-wait" aria-hidden /> },
  { group: "paused", mark: <Pause size={14} className="text-pause" aria-hidden /> },
  { group: "offline", mark: <WifiOff size={14} className="text-ink-2" aria-hidden /> },
  { group: "time-up", mark: <LogOut size={14} className="text-last" aria-hidden /> },
  { group: "no-pc", mark: <Plug size={14} className="text-ink-3" aria-hidden /> },
  { group: "maintenance", mark: <Wrench size={14} className="text-ink-3" aria-hidden /> },
];

type Counts = Record<Group | "check" | "ok" | "soon" | "last", number>;

function count(entries: Entry[], now: number): Counts {
  const counts: Counts = {
    free: 0, "no-pc": 0, "in-session": 0, waiting: 0, paused: 0, offline: 0, "time-up": 0, maintenance: 0,
    check: 0, ok: 0, soon: 0, last: 0,
  }; // prettier-ignore
  for (const entry of entries) {
    const { state, tone, warning } = deriveTile(entry, now, true);
    if (warning !== null) counts.check += 1;
    counts[groupOf(state)] += 1;
    // A session whose PC is offline counts by its time as well, as it is coloured.
    if (tone !== null) counts[tone] += 1;
  }
  return counts;
}

/** How many stations are in which state. Pressing a state makes every other tile quiet. */
export function Counts() {
  const words = useWords("stations");
  const total = useStationIds()?.length ?? 0;
  const counts = useFloorView(count);
  const { group: chosen, text } = useStore(filter);
  const choose = (group: Filter["group"]) => filter.set({ text, group: group === chosen ? null : group });

  return (
    <div className="flex h-full items-center gap-1 overflow-x-auto px-4 [scrollbar-width:none]">
      <CountButton label={words("counts.all")} count={total} pressed={chosen === null} onClick={() => choose(null)} />
      {(counts.check > 0 || chosen === "check") && (
        <CountButton
          label={words("counts.check")}
          count={counts.check}
          mark={<TriangleAlert size={14} className="text-soon" aria-hidden />}
          pressed={chosen === "check"}
          onClick={() => choose("check")}
        />
      )}
      {groups.map(({ group, mark, always }) =>
        always || counts[group] > 0 || chosen === group ? (
          <CountButton
            key={group}
            label={words(`counts.${group}`)}
            count={counts[group]}
            mark={mark}
            pressed={chosen === group}
            onClick={() => choose(group)}
          />
        ) : null,
      )}
      <dl className="ms-auto flex items-center gap-4 ps-4 text-[12px]/4 whitespace-nowrap text-ink-3 @max-[1000px]:hidden">
        <Legend mark={<OkShape />} count={counts.ok} label={words("counts.ok")} />
        <Legend mark={<SoonShape />} count={counts.soon} label={words("counts.soon")} />
        <Legend mark={<LastShape />} count={counts.last} label={words("counts.last")} />
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
