import type { Grant, Session, Station } from "@/lib/api";
import { clock, floor } from "@/lib/live";
import { isBusy, perform, sessionOf, type Act } from "./acting";
import type { Speech } from "./speech";
import { guess } from "./guess";
import { forgetRefusal, refuse } from "./refusals";
import { grantsOf, requests } from "./requests";
import { offerUndo } from "./undo";

/** How an action is asked for, given the session as it is then. */
type Plan = (seen: Session) => Omit<Act, "station" | "before">;

/** How a refused action is called where it can be done all the same. */
interface Retry {
  label: string;
  /** After what somebody else did: "Add 30 more?" */
  question: string;
}

export interface Start {
  station: Station;
  minutes: number;
  player: string | null;
  blind: boolean;
}

export type Desk = ReturnType<typeof deskOf>;

/** What is done at the desk. Each is shown at once, taken back with a sentence if it is refused, and can be undone. */
export function deskOf(speech: Speech) {
  const { words, time, say, conflict, me } = speech;
  const undone = words("undo.label");

  /** Resolves to the session as it is then, or to null when it was refused, which has been said. */
  async function carryOut(seen: Session, plan: Plan, retry: Retry, insisted = false): Promise<Session | null> {
    const station = seen.station_id;
    if (isBusy(station)) return null;
    forgetRefusal(station);
    try {
      return await perform({ station, before: seen, ...plan(seen) });
    } catch (error) {
      const now = sessionOf(error);
      const did = now && conflict(error);
      const again = (from: Session) => () => void carryOut(from, plan, retry);
      // The server and the PCs change sessions too; that is nothing to ask about.
      if (now && did === null && !insisted) return carryOut(now, plan, retry, true);
      if (now && did !== null) {
        const [text, leave] = [`${did} ${retry.question}`, words("conflict.leave")];
        refuse({ station, text, leave, again: { label: retry.label, run: again(now) } });
      } else refuse({ station, text: say(error), leave: null, again: null });
      return null;
    }
  }

  const asks = (what: string, id: string, body: object) => `${what} ${id} ${JSON.stringify(body)}`;
  const retryOf = (label: string): Retry => ({ label, question: words("conflict.anyway") });

  async function start({ station, minutes, player, blind }: Start): Promise<unknown> {
    if (isBusy(station.id)) return null;
    const body = {
      station_id: station.id,
      duration_minutes: minutes,
      allow_offline: blind,
      ...(player === null ? {} : { user_name: player }),
    };
    const session = await perform({
      station: station.id,
      before: floor.entry(station.id).get()?.session ?? null,
      guess: guess.started(station, minutes, player, me, clock.now()),
      asks: asks("start", station.id, body),
      run: requests.start(body),
    });
    const text = words("done.started", { station: station.name, minutes });
    offerUndo(text, undone, () => void endNow(current(session)));
    return session;
  }

  const endNow = (session: Session) => {
    const retry = retryOf(words("actions.end"));
    return carryOut(
      session,
      (seen) => {
        const body = { reason: "manual_stop" as const, expected_version: seen.version };
        const shown = guess.ended(seen, me, clock.now());
        return { guess: shown, asks: asks("end", seen.id, body), run: requests.end(seen.id, body) };
      },
      retry,
    );
  };

  async function end(session: Session): Promise<void> {
    const over = await endNow(session);
    if (!over?.ended_at) return;
    const values = { station: over.station_name, time: time.clock(Date.parse(over.ended_at)) };
    if (over.delivery !== "confirmed") return;
    offerUndo(words("done.ended", values), undone, () => void reopen(over));
  }

  async function extend(session: Session, minutes: number): Promise<void> {
    const station = session.station_name;
    const retry = { label: words("conflict.add", { minutes }), question: words("conflict.addMore", { minutes }) };
    const longer = await carryOut(
      session,
      (seen) => {
        const body = { additional_minutes: minutes, expected_version: seen.version };
        const shown = guess.changed(seen, minutes * 60);
        return { guess: shown, asks: asks("extend", seen.id, body), run: requests.extend(seen.id, body) };
      },
      retry,
    );
    if (!longer) return;
    const end = longer.scheduled_end_at;
    const text =
      end === null
        ? words("done.extendedPaused", { station, minutes })
        : words("done.extended", { station, time: time.clock(Date.parse(end)) });
    offerUndo(text, undone, () => void takeBack(longer, minutes));
  }

  /** Takes an extension back: its own grant, which an attendant may do for five minutes. */
  async function takeBack(longer: Session, minutes: number): Promise<void> {
    const grants = await grantsOf(longer.id).catch((): readonly Grant[] => []);
    const grant = grants.filter((one) => one.kind === "extension" && one.seconds === minutes * 60).at(-1);
    await correct(current(longer), -minutes * 60, "undo", grant?.id ?? null, false);
  }

  async function correct(
    session: Session,
    seconds: number,
    reason: string,
    grant: string | null = null,
    offered = true,
  ): Promise<boolean> {
    const changed = await carryOut(
      session,
      (seen) => {
        const body = {
          ...{ seconds, reason, expected_version: seen.version },
          ...(grant === null ? {} : { reverses_grant_id: grant }),
        };
        const shown = guess.changed(seen, seconds);
        return { guess: shown, asks: asks("correct", seen.id, body), run: requests.correct(seen.id, body) };
      },
      retryOf(words("time.correct")),
    );
    if (changed && offered) {
      const at = changed.scheduled_end_at;
      const station = changed.station_name;
      const text =
        at === null
          ? words("done.correctedPaused", { station })
          : words("done.corrected", { station, time: time.clock(Date.parse(at)) });
      offerUndo(text, undone, () => void correct(current(changed), -seconds, "undo", null, false));
    }
    return changed !== null;
  }

  async function pause(session: Session, offered = true): Promise<void> {
    const paused = await carryOut(
      session,
      (seen) => {
        const body = { expected_version: seen.version };
        const shown = guess.paused(seen, me, clock.now());
        return { guess: shown, asks: asks("pause", seen.id, body), run: requests.pause(seen.id, body) };
      },
      retryOf(words("actions.pause")),
    );
    if (!paused || !offered) return;
    const text = words("done.paused", { station: paused.station_name });
    offerUndo(text, undone, () => void resume(current(paused), false));
  }

  async function resume(session: Session, offered = true): Promise<void> {
    const resumed = await carryOut(
      session,
      (seen) => {
        const body = { expected_version: seen.version };
        const shown = guess.resumed(seen, clock.now());
        return { guess: shown, asks: asks("resume", seen.id, body), run: requests.resume(seen.id, body) };
      },
      retryOf(words("actions.resume")),
    );
    if (!resumed || !offered) return;
    const text = words("done.resumed", { station: resumed.station_name });
    offerUndo(text, undone, () => void pause(current(resumed), false));
  }

  async function move(session: Session, from: Station, to: Station, offered = true): Promise<boolean> {
    const moved = await carryOut(
      session,
      (seen) => {
        const body = { station_id: to.id, expected_version: seen.version };
        const shown = guess.moved(seen, to, clock.now());
        return { guess: shown, asks: asks("move", seen.id, body), run: requests.move(seen.id, body) };
      },
      retryOf(words("move.to", { station: to.name })),
    );
    if (moved && offered) {
      const values = { player: speech.player(moved), from: from.name, to: to.name };
      offerUndo(words("done.moved", values), undone, () => void move(current(moved), to, from, false));
    }
    return moved !== null;
  }

  async function reopen(ended: Session): Promise<void> {
    const open = await carryOut(
      ended,
      (seen) => {
        const body = { expected_version: seen.version };
        return { guess: null, asks: asks("reopen", seen.id, body), run: requests.reopen(seen.id, body) };
      },
      retryOf(words("actions.reopen")),
    );
    if (!open) return;
    offerUndo(words("done.reopened", { station: open.station_name }), undone, () => void endNow(current(open)));
  }

  async function confirm(session: Session): Promise<void> {
    await carryOut(
      session,
      (seen) => {
        const body = { expected_version: seen.version };
        return { guess: null, asks: asks("confirm", seen.id, body), run: requests.confirm(seen.id, body) };
      },
      retryOf(words("confirm.label")),
    );
  }

  return { start, end, extend, correct, pause, resume, move, reopen, confirm };
}

/** The session as the floor knows it by now. */
function current(session: Session): Session {
  const known = floor.entry(session.station_id).get()?.session;
  return known?.id === session.id ? known : session;
}
