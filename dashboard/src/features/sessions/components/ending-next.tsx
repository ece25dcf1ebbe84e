"use client";

import { useCallback } from "react";
import { toast } from "sonner";
import { useInWords } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useEntry, useFloorView, useLink, useStationIds, useStationView, type Entry } from "@/lib/live";
import { deriveTile, useSelection, useTileWords } from "@/features/stations";
import { useMayRunSessions } from "@/features/staff";
import { useVenueTime } from "@/features/venues";
import { useExtend } from "../queries";
import { endingNext } from "../ending";

const STEP_MINUTES = 15;

/** The sessions that end within ten minutes, the soonest first, each with the usual answer beside it. */
export function EndingNext() {
  const { ids, next } = useFloorView(endingNext);
  const time = useVenueTime();
  const known = useStationIds() !== null;
  const soonest = ids === "" ? [] : ids.split(" ");
  return (
    <section
      aria-labelledby="ending-next"
      className="flex h-16 shrink-0 items-center gap-2 overflow-hidden px-4 max-md:overflow-x-auto max-md:[scrollbar-width:none]"
    >
      <div className="w-[92px] shrink-0 max-md:hidden">
        <h2 id="ending-next" className="font-semibold text-ink-2">
          Ending next
        </h2>
        <More total={soonest.length} />
      </div>
      {soonest.length === 0 ? (
        <p className="text-ink-3 tabular-nums">
          {known && "Nothing ends within 10 min."}
          {next !== null && ` The next one at ${time.clock(next)}.`}
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
  return (
    <p className="text-[12px]/4 text-ink-3">
      <span className="more-than-5">{total > 5 ? `+ ${total - 5} more` : ""}</span>
      <span className="more-than-3">{total > 3 ? `+ ${total - 3} more` : ""}</span>
    </p>
  );
}

function EndingCard({ id }: { id: string }) {
  const { live } = useLink();
  const [, select] = useSelection();
  const mayRun = useMayRunSessions();
  const said = useTileWords();
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
        aria-label={`Show ${view.name}`}
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
          <bdi className={cn("block truncate text-[12px]/4 max-md:hidden", up ? "text-on-last" : "text-ink-3")}>
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
  const extend = useExtend(session?.id ?? "");
  const inWords = useInWords();
  return (
    <button
      type="button"
      aria-label={`Add ${STEP_MINUTES} min to ${station.name}`}
      aria-busy={extend.isPending || undefined}
      disabled={disabled}
      onClick={() => {
        if (extend.isPending) return;
        const onError = (error: unknown) => toast.error(`${station.name}: ${inWords(error)}`);
        extend.mutate({ additional_minutes: STEP_MINUTES }, { onError });
      }}
      className="h-8 shrink-0 rounded-[7px] bg-raised px-2.5 text-[12px] font-semibold text-ink hover:not-disabled:brightness-110 disabled:opacity-45 aria-busy:opacity-60 light:hover:not-disabled:brightness-97"
    >
      +{STEP_MINUTES}
    </button>
  );
}
