"use client";

import type { Session } from "@/lib/api";
import { useVenueTime } from "@/features/venues";
import { useTileWords, type TileView } from "@/features/stations";
import { useWords, type Translate } from "@/lib/i18n";
import { useTimeWords } from "@/lib/time";

const colours: Record<string, string> = {
  ok: "text-ok bg-ok",
  soon: "text-soon bg-soon",
  last: "text-last bg-last",
  paused: "text-pause bg-pause",
  waiting: "text-wait bg-wait",
  "time-up": "text-last bg-last",
};

/** The time left, as large as nothing else on the screen, and what it comes from. */
export function SessionTime({ session, view }: { session: Session; view: TileView }) {
  const time = useVenueTime();
  const lengths = useTimeWords();
  const said = useTileWords();
  const words = useWords("sessions");
  const colour = colours[view.tone ?? view.state] ?? "text-ink bg-ink";
  const [text, fill] = colour.split(" ");
  const granted = session.duration_minutes + session.extended_minutes;
  const started = time.clock(Date.parse(session.started_at));

  return (
    <section aria-label={words("time.session")}>
      <p className="sr-only">{said.spoken(view)}</p>
      <div className="flex items-baseline justify-between gap-3">
        <bdi className="min-w-0 truncate text-[16px]/6 font-semibold">{said.player(view)}</bdi>
        {session.status !== "pending" && (
          <span className="shrink-0 text-ink-3 tabular-nums">{words("time.since", { time: started })}</span>
        )}
      </div>
      <div className="mt-0.5 flex items-end justify-between gap-3">
        {view.digits === null ? (
          <div className={`py-3 text-[28px]/[34px] font-semibold tracking-[-0.03em] ${text}`}>{said.word(view)}</div>
        ) : (
          <div className={`text-[76px]/[76px] font-semibold tracking-[-0.04em] tabular-nums ${text}`} aria-hidden>
            {lengths.digits(view.digits)}
            {view.unit && <span className="ms-[0.08em] text-[0.42em] tracking-normal">{lengths.hourUnit}</span>}
          </div>
        )}
        <div className="shrink-0 pb-2 text-end tabular-nums">
          <div className="text-ink-3">{caption(view, words)}</div>
          {view.endsAt !== null && (
            <div className="text-[14px]/5 font-semibold">{words("time.ends", { time: time.clock(view.endsAt) })}</div>
          )}
          {view.state === "waiting" && <div className="text-[14px]/5 font-semibold">{lengths.length(granted)}</div>}
        </div>
      </div>
      {view.share !== null && (
        <>
          <div className="mt-1.5 h-1.5 overflow-hidden rounded-[2px] bg-track">
            <div className={`ms-auto h-full ${fill}`} style={{ width: `${view.share * 100}%` }} />
          </div>
          <div className="mt-1.5 flex justify-between text-[12px]/4 text-ink-3 tabular-nums">
            <span>{started}</span>
            <span>
              {session.extended_minutes > 0
                ? words("time.grantedMore", { time: lengths.length(granted), minutes: session.extended_minutes })
                : words("time.granted", { time: lengths.length(granted) })}
            </span>
            <span>{view.endsAt === null ? "" : time.clock(view.endsAt)}</span>
          </div>
        </>
      )}
    </section>
  );
}

function caption(view: TileView, words: Translate<"sessions">): string {
  if (view.state === "time-up") return view.digits === null ? "" : words("time.ofGrace");
  if (view.state === "waiting") return words("time.toPlay");
  return words(view.state === "paused" ? "time.standing" : "time.left");
}
