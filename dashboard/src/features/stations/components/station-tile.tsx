"use client";

import { Play } from "lucide-react";
import { memo, useCallback, useSyncExternalStore } from "react";
import { useLink, useStationView, type Entry } from "@/lib/live";
import { useWords } from "@/lib/i18n";
import { useTimeWords } from "@/lib/time";
import { useVenueTime } from "@/features/venues";
import { filter, matches } from "../filter";
import { kindIcons } from "../kinds";
import { useIsPicked } from "../picked";
import { choosing } from "../choosing";
import { deriveTile, type TileView } from "../tile";
import { useTileWords } from "../tile-words";
import { StateMark, SurpriseMark, WarningMark } from "./state-mark";

export interface StationTileProps {
  id: string;
  selected: boolean;
  /** Whether a free tile offers to start a session. */
  startable: boolean;
  onSelect: (id: string) => void;
}

/** One station on the floor: its name, its time, who plays, and when it ends. Pressing it opens its panel. */
export const StationTile = memo(function StationTile({ id, selected, startable, onSelect }: StationTileProps) {
  const { live } = useLink();
  const said = useTileWords();
  const guest = useWords("common")("guest");
  const derive = useCallback((entry: Entry, now: number) => deriveTile(entry, now, live), [live]);
  const view = useStationView(id, derive);
  const picked = useIsPicked(id);
  const dimmed = useDimmed(view, guest);
  if (!view) return null;

  return (
    <button
      type="button"
      className="tile"
      aria-label={said.spoken(view)}
      aria-expanded={selected}
      aria-pressed={picked || undefined}
      data-station={view.name}
      data-station-id={id}
      data-state={view.state}
      data-tone={view.tone ?? undefined}
      data-warned={view.warning === null ? undefined : ""}
      data-dimmed={dimmed ? "" : undefined}
      data-startable={startable && view.state === "free" ? "" : undefined}
      onClick={() => onSelect(id)}
    >
      <Head
        name={view.name}
        kind={view.kind}
        state={view.state}
        surprise={view.surprise}
        warned={view.warning !== null}
      />
      <Figure view={view} />
      <Foot
        player={said.player(view)}
        note={said.note(view)}
        endsAt={view.endsAt}
        freeSince={view.freeSince}
        state={view.state}
      />
      <Line view={view} />
    </button>
  );
});

/** Whether something else is looked for; what is typed draws only those tiles anew that it concerns. */
function useDimmed(view: TileView | null, guest: string): boolean {
  const get = () => {
    const chosen = choosing.get();
    if (view === null) return false;
    return chosen ? !chosen.may(view) : !matches(filter.get(), view, guest);
  };
  const subscribe = useCallback((listener: () => void) => {
    const stops = [filter.subscribe(listener), choosing.subscribe(listener)];
    return () => stops.forEach((stop) => stop());
  }, []);
  return useSyncExternalStore(subscribe, get, get);
}

// Head and foot change with the state and not with the second, so they are spared the second.
const Head = memo(function Head({
  name,
  kind,
  state,
  surprise,
  warned,
}: Pick<TileView, "name" | "kind" | "state" | "surprise"> & { warned: boolean }) {
  const Kind = kindIcons[kind];
  const quiet = state === "maintenance" || state === "no-pc" || state === "free";
  return (
    <span className="flex h-4 items-center gap-1.5">
      <Kind size={14} aria-hidden className="shrink-0 text-ink-3 max-md:hidden" />
      <span className={`min-w-0 flex-1 truncate text-[12px]/4 font-semibold ${quiet ? "text-ink-2" : ""}`}>{name}</span>
      {surprise && <SurpriseMark surprise={surprise} />}
      {warned ? <WarningMark /> : <StateMark state={state} />}
    </span>
  );
});

function Figure({ view }: { view: TileView }) {
  const words = useWords("stations");
  const said = useTileWords();
  const lengths = useTimeWords();
  if (view.warning !== null) {
    return (
      <span className="tile-figure mt-[3px] grid h-8 content-center text-[12px]/4 max-md:h-7 max-md:leading-[14px]">
        <span className="tile-aside truncate text-[var(--tone)]">{said.word(view)}</span>
        <span className="truncate font-semibold text-soon max-md:text-[11px] max-md:tracking-[-0.01em]">
          {said.warning(view)}
        </span>
      </span>
    );
  }
  if (view.digits === null) {
    const dull = view.state === "maintenance" || view.state === "no-pc" ? "text-ink-3" : "text-ink-2";
    const loud = view.state === "waiting" || view.state === "time-up" ? "font-semibold text-[var(--tone)]" : dull;
    return (
      <>
        <span className={`tile-word mt-[3px] flex h-8 max-md:h-7 min-w-0 items-center text-[15px] font-medium ${loud}`}>
          <span className="truncate">{said.word(view)}</span>
        </span>
        {view.state === "free" && (
          <span className="tile-start mt-[3px] h-8 max-md:h-7 items-center gap-2 text-[15px] font-semibold text-accent-text">
            <Play size={13} fill="currentColor" aria-hidden />
            {words("start")}
          </span>
        )}
      </>
    );
  }
  const weight = view.tone === "soon" || view.tone === "last" || view.state === "time-up" ? 650 : 550;
  return (
    <span
      className="tile-figure mt-[3px] flex h-8 items-baseline text-[27px]/8 tracking-[-0.025em] text-[var(--tone)] tabular-nums max-md:h-7 max-md:text-[24px]/7"
      style={{ fontWeight: weight }}
    >
      <span data-testid="time-left">{lengths.digits(view.digits)}</span>
      {view.unit && <span className="ms-[0.12em] text-[0.58em] font-semibold tracking-normal">{lengths.hourUnit}</span>}
    </span>
  );
}

type FootProps = Pick<TileView, "endsAt" | "freeSince" | "state"> & { player: string | null; note: string | null };

const Foot = memo(function Foot({ player, note, endsAt, freeSince, state }: FootProps) {
  const time = useVenueTime();
  const words = useWords("stations");
  if (player === null) {
    const since = freeSince === null ? "" : words("since", { time: time.clock(freeSince) });
    return (
      <span className="tile-foot mt-px h-4 truncate text-[12px]/4 text-ink-3 tabular-nums">
        <bdi className="inline-block max-w-full truncate align-bottom">{note ?? since}</bdi>
      </span>
    );
  }
  const end = note ?? (endsAt === null ? "" : time.clock(endsAt));
  const word = state === "offline" ? "font-medium text-ink" : state === "paused" ? "text-pause" : "text-ink-3";
  // On a phone's narrow tile the end time gives way to the name; a word that explains the state stays.
  return (
    <span className="tile-foot mt-px flex h-4 items-baseline gap-2 text-[12px]/4">
      {/* A name of the other direction begins where all names do, and ends in its own. */}
      <span className="flex min-w-0 flex-1 text-ink-2">
        <bdi className="truncate">{player}</bdi>
      </span>
      <span className={`shrink-0 tabular-nums ${word} ${note === null ? "max-md:hidden" : ""}`}>{end}</span>
    </span>
  );
});

function Line({ view }: { view: TileView }) {
  if (view.state === "waiting") {
    return (
      <span className="tile-line waiting-line" data-rested={view.rested ? "" : undefined}>
        <i />
      </span>
    );
  }
  if (view.share === null) return null;
  return (
    <span className="tile-line">
      <i style={{ transform: `scaleX(${view.share})` }} />
    </span>
  );
}
