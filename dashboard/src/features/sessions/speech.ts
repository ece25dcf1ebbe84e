import { useMemo } from "react";
import { Problem, useInWords, type Session } from "@/lib/api";
import { isolated, useWords, type Translate } from "@/lib/i18n";
import type { VenueTime } from "@/lib/time";
import { useMe } from "@/features/staff";
import { playerName } from "@/features/stations";
import { useVenueTime } from "@/features/venues";
import { whoDidWhat } from "./changed";
import { deskOf, type Desk } from "./desk";

/** How what is done at the desk is said. */
export interface Speech {
  words: Translate<"sessions">;
  time: VenueTime;
  /** An error in words. */
  say: (error: unknown) => string;
  /** What somebody else did before; null if it was nobody. */
  conflict: (error: unknown) => string | null;
  player: (session: Session) => string;
  /** Who is signed in. */
  me: string;
}

export function useSpeech(): Speech {
  const [words, common] = [useWords("sessions"), useWords("common")];
  const [say, time, me] = [useInWords(), useVenueTime(), useMe()?.username ?? ""];
  return useMemo(
    () => ({
      ...{ words, time, say, me },
      conflict: (error) => (error instanceof Problem ? whoDidWhat(error.more, words, time) : null),
      player: (session) => isolated(playerName(session, common)),
    }),
    [words, common, time, say, me],
  );
}

/** What can be done at the desk. */
export function useDesk(): Desk {
  const speech = useSpeech();
  return useMemo(() => deskOf(speech), [speech]);
}
