import { clock, floor, useLink } from "@/lib/live";
import { useKeys } from "@/lib/keys";
import { useMayRunSessions } from "@/features/staff";
import { graceLeft, useSelection } from "@/features/stations";
import { ask } from "./asked";
import { startMoving } from "./moving";
import { useDesk } from "./speech";
import { undoLast } from "./undo";
import { useStep } from "./use-step";

const PANEL_WITHIN_MS = 3_000;
const MINUTES: Record<string, number> = { "1": 15, "2": 30, "3": 60 };

/** The keys of the floor: for the chosen station, or else for the tile that has the focus. */
export function useDeskKeys(): void {
  const [selected, select] = useSelection();
  const step = useStep();
  const desk = useDesk();
  const { live } = useLink();
  const mayRun = useMayRunSessions();

  function onStation(key: string, id: string): boolean {
    const entry = floor.entry(id).get();
    if (!entry) return false;
    if (key === "n") {
      select(id);
      focusPlayer();
      return true;
    }
    if (entry.station.driver !== "agent" || !entry.station.connected || !live) return false;
    ask(key === "l" ? { what: "command", station: id, command: "lock" } : { what: "message", station: id });
    return true;
  }

  function onSession(key: string, id: string): boolean {
    const session = floor.entry(id).get()?.session;
    if (!session) return false;
    const minutes = MINUTES[key];
    const over = session.status === "ended";
    if (minutes !== undefined && (!over || graceLeft(session, clock.now()) !== null)) {
      void desk.extend(session, minutes);
      return true;
    }
    if (over) return false;
    if (key === "p" && session.status !== "pending") {
      void (session.status === "paused" ? desk.resume(session) : desk.pause(session));
      return true;
    }
    if (key === "m") {
      select(id);
      startMoving(session);
      return true;
    }
    if (key === "e") {
      ask({ what: "end", station: id });
      return true;
    }
    return false;
  }

  useKeys((key) => {
    if (key === "ctrl+z") return undoLast();
    if (key === "[" || key === "]") return step(selected ?? focusedStation(), key === "]" ? 1 : -1);
    const id = selected ?? focusedStation();
    if (id === null || !mayRun) return false;
    const entry = floor.entry(id).get();
    if (!entry) return false;
    return key === "n" || key === "l" || key === "t" ? onStation(key, id) : live && onSession(key, id);
  });
}

/** Puts the cursor where the player's name is typed, once the panel is there, which may still be on its way. */
function focusPlayer(until = performance.now() + PANEL_WITHIN_MS): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>("[role=dialog] [role=combobox]");
    if (field) field.focus();
    else if (performance.now() < until) focusPlayer(until);
  });
}

function focusedStation(): string | null {
  const tile = document.activeElement?.closest<HTMLElement>("[data-station-id]");
  return tile?.dataset.stationId ?? null;
}
