"use client";

import { Awaited } from "@/components/ui/awaited";
import { Section } from "@/components/ui/facts";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { useVenueTime } from "@/features/venues";
import { useSessionEvents } from "../queries";
import { useEventWords } from "../words";
import { What } from "./log-list";

/** What the log says of one session, the oldest first. */
export function SessionEvents({ sessionId, current }: { sessionId: string; current?: number }) {
  const words = useWords("activity");
  const time = useVenueTime();
  const said = useEventWords();
  const asked = useSessionEvents(sessionId);
  const events = asked.data;
  if (events?.length === 0) return null;
  return (
    <Section title={words("detail.inSession")}>
      {!events && <Awaited asked={asked} failed={words("detail.inSessionFailed")} />}
      <ol>
        {events?.map((event) => (
          <li
            key={event.id}
            aria-current={event.id === current || undefined}
            className="relative flex items-baseline gap-3 py-1.5 ps-5 before:absolute before:start-[4px] before:top-0 before:bottom-0 before:w-px before:bg-line first:before:top-3 last:before:bottom-3"
          >
            <span
              aria-hidden
              className={cn(
                "absolute start-0 top-[11px] size-[9px] rounded-full border-2 border-ink-3 bg-zone light:bg-surface",
                event.id === current && "border-accent-text bg-accent-text light:bg-accent-text",
              )}
            />
            <span className="shrink-0 text-ink-3 tabular-nums">{time.clock(Date.parse(event.at))}</span>
            <span className={cn("min-w-0 flex-1 wrap-anywhere", event.id === current && "font-semibold")}>
              <What event={event} place={false} />
            </span>
            <bdi className="max-w-[30%] shrink-0 truncate text-ink-3">{said.who(event)}</bdi>
          </li>
        ))}
      </ol>
    </Section>
  );
}
