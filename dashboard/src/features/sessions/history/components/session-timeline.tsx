"use client";

import type { CSSProperties } from "react";
import type { Grant, Session } from "@/lib/api";
import { Section } from "@/components/ui/facts";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/live";
import { useWords } from "@/lib/i18n";
import { useTimeWords, type TimeWords } from "@/lib/time";
import { useVenueTime } from "@/features/venues";
import { useGrants } from "../../queries";
import { useOffline, useStory } from "../story";
import { askedAt, spansOf, sumsOf, type SpanKind, type Stretch } from "../timeline";

/** How wide a label is on the line. */
const LABEL_PERCENT = 12;

const looks: Record<SpanKind, string> = {
  waiting: "bg-wait",
  playing: "bg-ink-3",
  paused: "bg-[repeating-linear-gradient(90deg,var(--pause)_0_3px,transparent_3px_6px)]",
  moving: "bg-[repeating-linear-gradient(90deg,var(--wait)_0_3px,transparent_3px_6px)]",
  closed: "bg-[repeating-linear-gradient(90deg,var(--ink-3)_0_3px,transparent_3px_6px)]",
  left: "bg-track",
  grace: "bg-last-solid",
};

/** What went on when, in scale: waited, played, paused, left, grace; below it where its PC was away. */
export function SessionTimeline({ session }: { session: Session }) {
  const words = useWords("history");
  const times = useTimeWords();
  const time = useVenueTime();
  const story = useStory(session) ?? [];
  const grants = useGrants(session).data ?? [];
  const live = session.status !== "ended";
  const now = useNow((second) => (live ? second : 0));
  const spans = spansOf(session, askedAt(story), now);
  const offline = useOffline(session, story, now);
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return null;
  const whole = { from: first.from, to: last.to };
  const sums = [...sumsOf(spans)].filter(([, seconds]) => seconds > 0);
  const away = offline.reduce((sum, stretch) => sum + Math.round((stretch.to - stretch.from) / 1000), 0);
  const marks = marksOf(grants, whole);

  return (
    <Section title={words("timeline.title")}>
      <div aria-hidden className="relative h-4">
        {marks.map(({ id, seconds, place, labelled }) => (
          <span key={id} style={{ insetInlineStart: `${place}%` }} className="absolute bottom-0 h-2 w-px bg-ink-2">
            {labelled && (
              <span
                className={cn(
                  "absolute bottom-1.5 text-[11px]/3 whitespace-nowrap text-ink-2 tabular-nums",
                  place < 8 ? "start-0" : place > 92 ? "end-0" : "left-1/2 -translate-x-1/2",
                )}
              >
                <bdi>{times.signed(seconds).replace(/:(00|٠٠)$/, "")}</bdi>
              </span>
            )}
          </span>
        ))}
      </div>
      <div aria-hidden className="relative h-3 overflow-hidden rounded-[4px] bg-plan">
        {spans.map((span) => (
          <span
            key={`${span.kind}-${span.from}`}
            style={boxOf(span, whole)}
            className={cn("absolute inset-y-0 min-w-[2px]", looks[span.kind])}
          />
        ))}
      </div>
      {offline.length > 0 && (
        <div aria-hidden className="relative mt-1 h-[3px]">
          {offline.map((stretch) => (
            <span
              key={stretch.from}
              style={boxOf(stretch, whole)}
              className="absolute inset-y-0 min-w-[3px] rounded-full bg-soon"
            />
          ))}
        </div>
      )}
      <div aria-hidden className="mt-1 flex justify-between text-[12px]/4 text-ink-3 tabular-nums">
        <span>{time.clock(whole.from)}</span>
        <span>{time.clock(whole.to)}</span>
      </div>
      <ul className="mt-2.5 flex flex-wrap gap-x-4 gap-y-1.5 text-[12px]/4">
        {sums.map(([kind, seconds]) => (
          <Key key={kind} look={looks[kind]} name={words(`timeline.${kind}`)} length={lengthOf(seconds, times)} />
        ))}
        {away > 0 && <Key look="bg-soon h-[3px]" name={words("timeline.offline")} length={lengthOf(away, times)} />}
      </ul>
      <ol className="sr-only">
        {spans.map(({ kind, from, to }) => (
          <li key={`${kind}-${from}`}>
            {words("timeline.span", { what: words(`timeline.${kind}`), from: time.clock(from), to: time.clock(to) })}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function Key({ look, name, length }: { look: string; name: string; length: string }) {
  return (
    <li className="flex items-center gap-1.5 text-ink-2">
      <span aria-hidden className={cn("h-2.5 w-3 rounded-[2px]", look)} />
      {name} <span className="font-semibold text-ink tabular-nums">{length}</span>
    </li>
  );
}

export function lengthOf(seconds: number, times: TimeWords): string {
  return seconds < 60 ? times.ago(seconds) : times.length(Math.floor(seconds / 60));
}

/** Where time was given or taken later on. A label that would lie on the one before is left out. */
function marksOf(grants: readonly Grant[], whole: Stretch) {
  let free = 0;
  return grants
    .filter(({ kind }) => kind !== "initial")
    .map(({ id, seconds, granted_at: at }) => {
      const place = share(Date.parse(at), whole);
      const labelled = place >= free;
      if (labelled) free = place + LABEL_PERCENT;
      return { id, seconds, place, labelled };
    });
}

function share(instant: number, { from, to }: Stretch): number {
  return Math.min(100, Math.max(0, (100 * (instant - from)) / (to - from)));
}

function placeOf(instant: number, whole: Stretch): CSSProperties {
  return { insetInlineStart: `${share(instant, whole)}%` };
}

function boxOf({ from, to }: Stretch, whole: Stretch): CSSProperties {
  return { ...placeOf(from, whole), width: `${share(to, whole) - share(from, whole)}%` };
}
