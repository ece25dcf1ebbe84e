"use client";

import Link from "next/link";
import { Awaited } from "@/components/ui/awaited";
import { eventName } from "@/lib/event-name";
import { useWords } from "@/lib/i18n";
import type { Entry } from "@/lib/live";
import { useVenueTime } from "@/features/venues";
import { useStationEvents } from "../queries";

/** What happened here last, and the way to all of it. */
export function StationLog({ entry: { station, session } }: { entry: Entry }) {
  const [words, types] = [useWords("sessions"), useWords("eventTypes")];
  const time = useVenueTime();
  const known = [station.version, station.status, station.connected, session?.id, session?.version].join(" ");
  const asked = useStationEvents(station.id, known);
  const events = asked.data;
  return (
    <>
      {!events && <Awaited asked={asked} failed={words("log.failed")} />}
      {events?.length === 0 && <p className="py-2 text-ink-3">{words("log.nothing")}</p>}
      {events && events.length > 0 && (
        <ul aria-label={words("log.title")} className="tabular-nums">
          {events.map((event) => (
            <li key={event.id} className="flex items-baseline gap-3 border-b border-line py-2 last:border-0">
              <span className="shrink-0 text-ink-3">{time.clock(Date.parse(event.at))}</span>
              <span className="min-w-0 flex-1 truncate">{eventName(event.type, types)}</span>
              <bdi className="max-w-[40%] truncate text-ink-3">
                {event.actor.kind === "system" ? "" : event.actor.name}
              </bdi>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2 flex flex-wrap gap-4">
        <Link prefetch={false} className={link} href={`/sessions/?station=${station.id}`}>
          {words("log.sessions")}
        </Link>
        <Link prefetch={false} className={link} href={`/activity/?station=${station.id}`}>
          {words("log.activity")}
        </Link>
      </p>
    </>
  );
}

const link = "inline-block py-1 font-medium text-accent-text underline-offset-2 hover:underline";
