"use client";

import { useCallback } from "react";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { useEntry, useFloorView, useLink, useStationIds, useStationView, type Entry } from "@/lib/live";
import { deriveTile, useSelection, useTileWords } from "@/features/stations";
import { useMayRunSessions } from "@/features/staff";
import { useVenueTime } from "@/features/venues";
import { useBusy } from "../acting";
import { useDesk } from "../speech";
import { endingNext } from "../ending";

const STEP_MINUTES = 15;

/** The sessions that end within ten minutes, the soonest first, each with the usual answer beside it. */
export function EndingNext() {
  const { ids, next } = useFloorView(endingNext);
  const time = useVenueTime();
  const words = useWords("sessions");
  const known = useStationIds() !== null;
  const soonest = ids === "" ? [] : ids.split(" ");
  return (
    <section
      aria-labelledby="ending-next"
      className="flex h-16 shrink-0 items-center gap-2 overflow-hidden px-4 max-md:overflow-x-auto max-md:[scrollbar-width:none]"
    >
      <div className="w-[92px] shrink-0 max-md:hidden">
        <h2 id="ending-next" className="font-semibold text-ink-2">
          {words("ending.title")}
        </h2>
        <More total={soonest.length} />
      </div>
      {soonest.length === 0 ? (
        <p className="text-ink-3 tabular-nums">
          {known && words("ending.nothing")}
          {next !== null && ` ${words("ending.next", { time: time.clock(next) })}`}
        </p>
      ) : (
        <div className="ending-cards min-w-0 flex-1 gap-2 max-md:flex-none">
          {soonest.slice(0, 5).map((id) => (
            <EndingCard key={id} id={id} />
          ))}
        </div>
      )}
    </section>
  );
}

function More({ total }: { total: number }) {
  const words = useWords("sessions");
  return (
    <p className="text-[12px]/4 text-ink-3">
      <span className="more-than-5">{total > 5 ? words("ending.more", { count: total - 5 }) : ""}</span>
      <span className="more-than-3">{total > 3 ? words("ending.more", { count: total - 3 }) : ""}</span>
    </p>
  );
}

function EndingCard({ id }: { id: string }) {
  const { live } = useLink();
  const [, select] = useSelection();
  const mayRun = useMayRunSessions();
  const said = useTileWords();
  const words = useWords("sessions");
  const entry = useEntry(id);
  const derive = useCallback((known: Entry, now: number) => deriveTile(known, now, live), [live]);
  const view = useStationView(id, derive);
  if (!view || !entry?.session) return null;
  const up = view.state === "time-up";
  return (
    <div
      className={cn(
        "flex h-11 min-w-0 items-center gap-2.5 rounded-[8px] border border-line bg-surface ps-2.5 pe-1.5 max-md:w-[156px] max-md:shrink-0",
        up && "border-transparent bg-last-solid text-on-last",
      )}
    >
      <button
        type="button"
        aria-label={words("ending.show", { station: view.name })}
        onClick={() => select(id)}
        className="flex h-full min-w-0 flex-1 items-center gap-2.5 text-start -outline-offset-2 max-md:flex-col max-md:items-start max-md:justify-center max-md:gap-0"
      >
        <span
          className={cn(
            "text-[17px]/5 font-semibold tracking-[-0.02em] tabular-nums",
            view.tone === "soon" && "text-soon",
            view.tone === "last" && "text-last",
          )}
        >
          {view.digits ?? said.word(view)}
        </span>
        <span className="min-w-0">
          <span className="block truncate text-[12px]/4 font-semibold">{view.name}</span>
          <bdi
            className={cn(
              "block w-fit max-w-full truncate text-[12px]/4 max-md:hidden",
              up ? "text-on-last" : "text-ink-3",
            )}
          >
            {said.player(view)}
          </bdi>
        </span>
      </button>
      {mayRun && entry.session.status === "active" && <AddTime entry={entry} disabled={!live} />}
    </div>
  );
}

function AddTime({ entry, disabled }: { entry: Entry; disabled: boolean }) {
  const { station, session } = entry;
  const { extend } = useDesk();
  const words = useWords("sessions");
  const busy = useBusy(station.id);
  return (
    <button
      type="button"
      aria-label={words("ending.add", { station: station.name, minutes: STEP_MINUTES })}
      aria-busy={busy || undefined}
      disabled={disabled}
      onClick={() => {
        if (session) void extend(session, STEP_MINUTES);
      }}
      className="h-8 shrink-0 rounded-[7px] bg-raised px-2.5 text-[12px] font-semibold text-ink hover:not-disabled:brightness-110 disabled:opacity-45 aria-busy:opacity-60 light:hover:not-disabled:brightness-97"
    >
      <bdi>{words("extend.plus", { minutes: STEP_MINUTES })}</bdi>
    </button>
  );
}
