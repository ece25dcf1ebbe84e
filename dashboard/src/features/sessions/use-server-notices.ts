import { useEffect } from "react";
import { toast } from "@/lib/toast";
import type { FloorEvent } from "@/lib/api";
import { floor, onNews } from "@/lib/live";
import { isolated, useWords, type Translate } from "@/lib/i18n";
import { playerName } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { noticeOf } from "./notices";

const SHOWN_MS = 20_000;

/** Says at the desk what the server did or found by itself, as it happens; never what was before this page. */
export function useServerNotices(): void {
  const time = useVenueTime();
  const [common, words] = [useWords("common"), useWords("sessions")];
  useEffect(
    () =>
      onNews((news) => {
        for (const event of news ?? []) {
          const station = stationName(event) ?? words("notices.aStation");
          const text = noticeOf(event, station, player(event, common) ?? words("notices.itsPlayer"), time, words);
          if (text !== null) toast(text, { id: `event-${event.id}`, duration: SHOWN_MS, closeButton: true });
        }
      }),
    [time, common, words],
  );
}

function stationName({ station_id: id }: FloorEvent): string | null {
  return (id && floor.entry(id).get()?.station.name) || null;
}

function player({ station_id: id, session_id: sessionId }: FloorEvent, common: Translate<"common">): string | null {
  const session = id ? floor.entry(id).get()?.session : null;
  return session && session.id === sessionId ? isolated(playerName(session, common)) : null;
}
