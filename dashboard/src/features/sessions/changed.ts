import { useCallback } from "react";
import { Problem, useInWords } from "@/lib/api";
import type { VenueTime } from "@/lib/time";
import { useVenueTime } from "@/features/venues";

/** A refusal in words. Of `session.changed` it says who did what before, since the desk decides again by that. */
export function useRefusal(): (error: unknown) => string {
  const [inWords, time] = [useInWords(), useVenueTime()];
  return useCallback(
    (error) => {
      const did = error instanceof Problem && error.code === "session.changed" ? whoDidWhat(error.more, time) : null;
      return did === null ? inWords(error) : `${did} Look at it and decide again.`;
    },
    [inWords, time],
  );
}

function whoDidWhat({ last_event: last, session }: Problem["more"], time: VenueTime): string | null {
  if (!isRecord(last) || !isRecord(last.actor) || typeof last.type !== "string" || typeof last.at !== "string") {
    return null;
  }
  const verb = verbs[last.type];
  if (verb === undefined) return null;
  const who = last.actor.kind === "system" ? "The server" : String(last.actor.name);
  const where = isRecord(session) && typeof session.station_name === "string" ? session.station_name : "it";
  return `${who} ${verb.replace("%", where)} at ${time.clock(Date.parse(last.at))}.`;
}

const verbs: Record<string, string> = {
  SESSION_CONFIRMED: "opened %",
  SESSION_EXTENDED: "changed the time on %",
  SESSION_PAUSED: "paused %",
  SESSION_RESUMED: "resumed %",
  SESSION_MOVED: "moved the session to %",
  SESSION_REOPENED: "took the end on % back",
  SESSION_END_CORRECTED: "corrected the end on %",
  SESSION_ENDED: "ended %",
  SESSION_EXPIRED: "ended % because its time was over",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
