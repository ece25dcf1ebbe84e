"use client";

import { Hourglass, LogOut, Pause, Plug, TriangleAlert, WifiOff, Wrench } from "lucide-react";
import type { ReactNode } from "react";
import type { Station } from "@/lib/api";
import { useFloorView, useStationIds, useStore, type Entry } from "@/lib/live";
import { cn } from "@/lib/cn";
import { useLanguage, useWords } from "@/lib/i18n";
import { useRoom } from "@/components/ui/use-room";
import { filter, groupOf, type Filter, type Group } from "../filter";
import { kindIcons } from "../kinds";
import { deriveTile } from "../tile";
import { SelectSwitch } from "./select-switch";
import { ViewSwitch } from "./view-switch";
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

const tones = [
  { tone: "ok", mark: <OkShape /> },
  { tone: "soon", mark: <SoonShape /> },
  { tone: "last", mark: <LastShape /> },
] as const;

/** After the words of the colours those of the states go one by one, the last first; then that of what to check. */
const LAST_STEP = 1 + groups.length;

/** On narrower rows all words stay, and the row scrolls under the finger. */
const PHONE_WIDTH = 640;

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

/**
 * How many stations are in which state. Pressing a state makes every other tile quiet. Where the row is too short, the
 * words go one after the other: the marks stay, and say it when pointed at.
 */
export function Counts() {
  const words = useWords("stations");
  const [language] = useLanguage();
  const total = useStationIds()?.length ?? 0;
  const counts = useFloorView(count);
  const { group: chosen, kind } = useStore(filter);
  const choose = (group: Filter["group"]) =>
    filter.set({ ...filter.get(), group: group === filter.get().group ? null : group });

  // The figures' number of digits, and which states there are, decide how long the row is.
  const content = JSON.stringify([
    language,
    chosen,
    Object.entries(counts).map(([name, n]) => name + String(n).length + (n > 0)),
  ]);
  const [row, step] = useRoom<HTMLDivElement>(content, LAST_STEP, PHONE_WIDTH);

  return (
    <div ref={row} className="flex h-full items-center gap-1 overflow-x-auto px-4 [scrollbar-width:none]">
      <div className="flex shrink-0 items-center gap-1 md:hidden">
        <ViewSwitch />
        <SelectSwitch />
      </div>
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
      {groups.map(({ group, mark, always }, place) =>
        always || counts[group] > 0 || chosen === group ? (
          <CountButton
            key={group}
            label={words(`counts.${group}`)}
            count={counts[group]}
            mark={mark}
            iconOnly={step >= LAST_STEP - place && chosen !== group}
            pressed={chosen === group}
            onClick={() => choose(group)}
          />
        ) : null,
      )}
      <div className="flex items-center gap-1 text-[12px]/4 md:ms-auto md:ps-3">
        {tones.map(({ tone, mark }) => (
          <CountButton
            key={tone}
            label={words(`counts.${tone}`)}
            count={counts[tone]}
            mark={mark}
            iconOnly={step > 0 && chosen !== tone}
            pressed={chosen === tone}
            onClick={() => choose(tone)}
          />
        ))}
      </div>
      <Kinds chosen={kind} />
    </div>
  );
}

interface CountProps {
  label: string;
  count: number;
  mark?: ReactNode;
  pressed: boolean;
  /** The mark says it; the label is read out and shown on hover. */
  iconOnly?: boolean;
  onClick: () => void;
}

function CountButton({ label, count, mark, pressed, iconOnly = false, onClick }: CountProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      title={iconOnly ? label : undefined}
      onClick={onClick}
      className={cn(
        "flex h-[30px] shrink-0 items-center gap-1.5 rounded-[7px] px-2.5 whitespace-nowrap -outline-offset-2 hover:bg-raised max-md:h-11 max-md:border max-md:border-line",
        pressed && "bg-raised",
      )}
    >
      {mark}
      <span className="text-[14px] font-semibold tabular-nums">{count}</span>{" "}
      <span className={iconOnly ? "sr-only" : "text-ink-3"}>{label}</span>
    </button>
  );
}

/** The kinds of stations, where there is more than one. */
function Kinds({ chosen }: { chosen: Filter["kind"] }) {
  const words = useWords("stations");
  const counts = useFloorView(countKinds);
  const kinds = (["pc", "console", "vr", "other"] as const).filter((kind) => counts[kind] > 0 || kind === chosen);
  if (kinds.length < 2) return null;
  return (
    <div role="group" aria-label={words("counts.kinds")} className="flex items-center gap-1 border-s border-line ps-1">
      {kinds.map((kind) => {
        const Icon = kindIcons[kind];
        return (
          <CountButton
            key={kind}
            label={words(`kinds.${kind}`)}
            iconOnly
            count={counts[kind]}
            mark={<Icon size={14} className="text-ink-3" aria-hidden />}
            pressed={kind === chosen}
            onClick={() => filter.set({ ...filter.get(), kind: kind === chosen ? null : kind })}
          />
        );
      })}
    </div>
  );
}

function countKinds(entries: Entry[]): Record<Station["kind"], number> {
  const counts = { pc: 0, console: 0, vr: 0, other: 0 };
  for (const { station } of entries) counts[station.kind] += 1;
  return counts;
}
