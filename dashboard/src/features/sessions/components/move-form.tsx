"use client";

import { X } from "lucide-react";
import { useCallback, useEffect, useId, useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { floor, useFloorView, useLink, type Entry } from "@/lib/live";
import { choosing } from "@/features/stations";
import { useBusy } from "../acting";
import { stopMoving } from "../moving";
import { useDesk, useSpeech } from "../speech";
import { byZone, freeStations, matching } from "../targets";

/** The session went on at a station; with `instead`, it is back from there, which only matters to who looks there still. */
export type OnMoved = (stationId: string, instead?: string) => void;

/** Where a session goes on: a free station, pressed on the plan or chosen from the list by zone. */
export function MoveForm({ station, session, onMoved }: { station: Station; session: Session; onMoved: OnMoved }) {
  const { move } = useDesk();
  const words = useWords("sessions");
  const player = useSpeech().player(session);
  const { live } = useLink();
  const busy = useBusy(station.id);
  const [sought, setSought] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const free = useFreeStations(station.id);
  const found = matching(free, sought);
  const target = found.find(({ id }) => id === chosen) ?? (found.length === 1 ? found[0] : undefined);

  const go = useCallback(
    (to: Station) => {
      stopMoving();
      // At once, before the answer: the session is shown there, and is back here if that is refused.
      onMoved(to.id);
      void move(session, station, to).then((moved) => {
        if (!moved) onMoved(station.id, to.id);
      });
    },
    [move, session, station, onMoved],
  );

  useEffect(() => {
    choosing.set({
      may: ({ state }) => state === "free",
      choose: (id) => {
        const entry = floor.entry(id).get();
        if (entry && live && freeStations([entry], Date.now(), station.id) !== "") go(entry.station);
      },
    });
    return () => choosing.set(null);
  }, [go, live, station.id]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && live && target) go(target);
  };

  return (
    <form
      onSubmit={submit}
      aria-labelledby="move-title"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        stopMoving();
      }}
      className="grid gap-4 rounded-[12px] border border-line p-4"
    >
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h3 id="move-title" className="text-[14px]/[18px] font-semibold">
            {words("move.title", { player, station: station.name })}
          </h3>
          <p className="mt-1 text-pretty text-ink-3 max-md:hidden">{words("move.onPlan")}</p>
        </div>
        <IconButton label={words("move.stay")} Icon={X} onClick={stopMoving} className="-me-2 -mt-1.5" />
      </div>
      <Field
        label={words("move.find")}
        aside={words("move.of", { found: found.length, all: free.length })}
        type="search"
        autoComplete="off"
        autoFocus
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      <Targets free={free} found={found} sought={sought} target={target} onChoose={setChosen} />
      <p className="text-pretty text-ink-3">
        {target ? <Effect from={station} to={target} session={session} /> : words("move.choose")}
      </p>
      <Button type="submit" variant="primary" size="main" busy={busy} disabled={!live || !target}>
        {target ? words("move.to", { station: target.name }) : words("actions.move")}
      </Button>
    </form>
  );
}

interface TargetsProps {
  free: readonly Station[];
  found: readonly Station[];
  sought: string;
  target: Station | undefined;
  onChoose: (id: string) => void;
}

function Targets({ free, found, sought, target, onChoose }: TargetsProps) {
  const words = useWords("sessions");
  const group = useId();
  if (found.length === 0) {
    return (
      <p role="status" className="text-ink-3">
        {free.length === 0 ? words("move.noneFree") : words("move.noneFound", { text: sought.trim() })}
      </p>
    );
  }
  return (
    <div className="max-h-[40dvh] overflow-y-auto">
      {byZone(found, words("noZone")).map(({ zone, stations }) => (
        <fieldset key={zone} className="mb-3 min-w-0">
          <legend className="mb-1.5 text-[12px]/4 font-semibold text-ink-2">{zone}</legend>
          <div className="grid grid-cols-3 gap-2 p-0.5">
            {stations.map(({ id, name }) => (
              <label
                key={id}
                className="grid h-10 cursor-pointer place-items-center rounded-[8px] border border-line bg-surface px-1 font-semibold hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-checked:shadow-[inset_0_0_0_1px_var(--accent)] has-focus-visible:outline-2 has-focus-visible:outline-focus max-md:h-12"
              >
                <input
                  type="radio"
                  className="sr-only"
                  name={group}
                  checked={target?.id === id}
                  onChange={() => onChoose(id)}
                />
                <span className="max-w-full truncate">{name}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

function useFreeStations(except: string): Station[] {
  // One string, so that a floor that didn't change in this draws nothing.
  const view = useCallback((entries: Entry[], now: number) => ({ ids: freeStations(entries, now, except) }), [except]);
  const { ids } = useFloorView(view);
  return ids.split(" ").flatMap((id) => floor.entry(id).get()?.station ?? []);
}

function Effect({ from, to, session }: { from: Station; to: Station; session: Session }) {
  const words = useWords("sessions");
  const values = {
    from: from.name,
    to: to.name,
    leaving: from.driver,
    pause: session.status === "paused" ? "yes" : "no",
  };
  return <>{words(to.driver === "manual" ? "move.effectByHand" : "move.effect", values)}</>;
}
