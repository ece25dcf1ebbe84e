import { useEffect } from "react";
import { clock, floor } from "@/lib/live";
import { play, restoreSound, sound } from "@/lib/sound";
import { useVenue } from "@/features/venues";
import { crossings, type Phases } from "./crossings";

const USUAL_WARNING_SECONDS = 300;

/** Sounds, where it is turned on, once when a session comes to the venue's warning time and once when it is over. */
export function useEndingSounds(): void {
  const warning = useVenue()?.warning_seconds ?? USUAL_WARNING_SECONDS;
  useEffect(restoreSound, []);
  useEffect(() => {
    let phases: Phases = new Map();
    const look = () => {
      const next = crossings(phases, floor.all(), clock.second(), warning);
      phases = next.phases;
      if (next.crossed !== null && sound.get()) play(next.crossed);
    };
    look();
    return clock.subscribe(look);
  }, [warning]);
}
