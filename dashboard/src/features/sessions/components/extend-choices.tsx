"use client";

import type { Session } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useTimeWords } from "@/lib/time";
import { useVenue, useVenueTime } from "@/features/venues";
import { useBusy } from "../acting";
import { ask } from "../asked";
import { DEFAULT_LIMITS, EXTEND_CHOICES, usual } from "../minutes";
import { useDesk } from "../speech";

const card =
  "grid min-h-14 justify-items-center content-center rounded-[8px] border border-line bg-surface px-1 py-1.5 hover:not-disabled:bg-raised disabled:opacity-45 aria-busy:opacity-60";

/** More time by one press; each says until when the session then runs. Any other time, and less, is behind the last. */
export function ExtendChoices({ session }: { session: Session }) {
  const words = useWords("sessions");
  const { extend } = useDesk();
  const { live } = useLink();
  const busy = useBusy(session.station_id);
  const limits = useVenue() ?? DEFAULT_LIMITS;
  const until = useNewEnd(session);
  const choices = usual(EXTEND_CHOICES, { ...limits, min_minutes: limits.step_minutes });
  return (
    <div role="group" aria-label={words("extend.legend")} className="grid auto-cols-fr grid-flow-col gap-2">
      {choices.map((minutes) => (
        <button
          key={minutes}
          type="button"
          disabled={!live}
          aria-busy={busy || undefined}
          onClick={() => void extend(session, minutes)}
          className={card}
        >
          <bdi className="text-[14px]/[18px] font-semibold">{words("extend.plus", { minutes })}</bdi>{" "}
          <span className="text-[12px]/4 whitespace-nowrap text-ink-3 tabular-nums">{until(minutes * 60)}</span>
        </button>
      ))}
      <button
        type="button"
        disabled={!live}
        onClick={() => ask({ what: "time", station: session.station_id })}
        className={card}
      >
        <span className="text-[14px]/[18px] font-semibold">{words("extend.other")}</span>{" "}
        <span className="text-[12px]/4 text-ink-3">{words("extend.otherHint")}</span>
      </button>
    </div>
  );
}

/** What so many seconds more, or less, lead to: an end, or what is left while the time stands still. */
export function useNewEnd(session: Session): (seconds: number) => string {
  const words = useWords("sessions");
  const [time, lengths] = [useVenueTime(), useTimeWords()];
  const end = session.ended_at ?? session.scheduled_end_at;
  return (seconds) =>
    end === null
      ? words("extend.left", { time: lengths.figure(Math.max(0, session.remaining_seconds + seconds)) })
      : words("extend.to", { time: time.clock(Date.parse(end) + seconds * 1000) });
}
