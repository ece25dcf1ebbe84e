import { useEffect } from "react";
import { toast } from "sonner";
import type { FloorEvent } from "@/lib/api";
import { floor, onNews } from "@/lib/live";
import { useWords, type Translate } from "@/lib/i18n";
import { playerName } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { noticeOf } from "./notices";

const SHOWN_MS = 20_000;

/** Says at the desk what the server did or found by itself, as it happens; never what was before this page. */
export function useServerNotices(): void {
  const time = useVenueTime();
  const common = useWords("common");
  useEffect(
    () =>
      onNews((news) => {
        for (const event of news ?? []) {
          const words = noticeOf(event, stationName(event), player(event, common), time);
          if (words !== null) toast(words, { id: `event-${event.id}`, duration: SHOWN_MS, closeButton: true });
        }
      }),
    [time, common],
  );
}

function stationName({ station_id: id }: FloorEvent): string {
  return (id && floor.entry(id).get()?.station.name) || "a station";
}

function player({ station_id: id, session_id: sessionId }: FloorEvent, common: Translate<"common">): string {
  const session = id ? floor.entry(id).get()?.session : null;
  return session && session.id === sessionId ? playerName(session, common) : "its player";
}
