import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { useWords } from "@/lib/i18n";
import { useEntry, useLink } from "@/lib/live";
import { useMayRunSessions, useMe } from "@/features/staff";
import { ask } from "./asked";
import { EXTEND_CHOICES } from "./minutes";
import { startMoving } from "./moving";
import { useDesk } from "./speech";

/** Something that can be done to the chosen station now. */
export interface StationAct {
  id: string;
  text: string;
  /** The station that it is done to. */
  detail: string;
  run: () => void;
}

/** What can be done to the station whose panel is open; nothing while the floor isn't live, or for who only reads. */
export function useStationActs(): StationAct[] {
  const id = useSearchParams().get("station") ?? "";
  const entry = useEntry(id);
  const words = useWords("sessions");
  const desk = useDesk();
  const { live } = useLink();
  const mayRun = useMayRunSessions();
  const role = useMe()?.role;
  return useMemo(() => {
    if (!entry || !live || !mayRun) return [];
    const { station, session } = entry;
    const acts: StationAct[] = [];
    const add = (text: string, run: () => void) => acts.push({ id: `act ${text}`, text, detail: station.name, run });
    if (session && session.status !== "ended") {
      for (const minutes of EXTEND_CHOICES) {
        add(words("extend.plus", { minutes }), () => void desk.extend(session, minutes));
      }
      if (session.status === "active") add(words("actions.pause"), () => void desk.pause(session));
      if (session.status === "paused") add(words("actions.resume"), () => void desk.resume(session));
      add(words("actions.move"), () => startMoving(session));
      add(words("time.correct"), () => ask({ what: "time", station: id }));
      add(words("actions.endSession"), () => ask({ what: "end", station: id }));
    }
    if (station.driver === "agent" && station.connected) {
      const manages = role === "manager" || role === "owner";
      add(words("actions.message"), () => ask({ what: "message", station: id }));
      for (const command of ["lock", "log_off", "restart", "shutdown"] as const) {
        if (!manages && (command === "restart" || command === "shutdown")) continue;
        add(words(`pc.${command}`), () => ask({ what: "command", station: id, command }));
      }
    }
    return acts;
  }, [desk, entry, id, live, mayRun, role, words]);
}
