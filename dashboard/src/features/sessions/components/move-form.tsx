"use client";

import { useCallback, useId, useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { Session, Station } from "@/lib/api";
import { floor, useFloorView, useLink, type Entry } from "@/lib/live";
import { useRefusal } from "../changed";
import { byZone, freeStations, matching } from "../targets";
import { useMove } from "../queries";

/** The free stations by zone, one of which is chosen, and what moving there does. */
export function MoveForm({
  station,
  session,
  onDone,
  onCancel,
}: {
  station: Station;
  session: Session;
  onDone: (stationId: string) => void;
  onCancel: () => void;
}) {
  const move = useMove(session.id);
  const refusal = useRefusal();
  const { live } = useLink();
  const group = useId();
  const [sought, setSought] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const free = useFreeStations(station.id);
  const found = matching(free, sought);
  const target = found.find(({ id }) => id === chosen) ?? (found.length === 1 ? found[0] : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (move.isPending || !live || !target) return;
    // The form goes with the session, so what is to be done afterwards hangs on the answer and not on the form.
    const moving = move.mutateAsync({ station_id: target.id, expected_version: session.version });
    moving.then(
      () => onDone(target.id),
      () => undefined,
    );
  };

  return (
    <form onSubmit={submit} className="mt-4 flex min-h-0 flex-1 flex-col gap-4">
      <Field
        label="Find a free station"
        aside={`${found.length} of ${free.length}`}
        type="search"
        autoComplete="off"
        value={sought}
        onChange={(event) => setSought(event.target.value)}
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {found.length === 0 && (
          <p role="status" className="py-2 text-ink-3">
            {free.length === 0 ? "No other station is free." : `No free station is called “${sought.trim()}”.`}
          </p>
        )}
        {byZone(found).map(({ zone, stations }) => (
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
                    onChange={() => setChosen(id)}
                  />
                  <span className="max-w-full truncate">{name}</span>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
      </div>
      {move.isError && (
        <Notice tone="last" role="alert">
          {refusal(move.error)}
        </Notice>
      )}
      <p className="text-pretty text-ink-3">
        {target ? effect(station, target, session) : "Choose the station to go on at."}
      </p>
      <div className="flex justify-end gap-2 max-md:grid max-md:grid-cols-2">
        <Button className="h-9 max-md:h-11" onClick={onCancel}>
          Stay here
        </Button>
        <Button
          type="submit"
          variant="primary"
          className="h-9 max-md:h-11"
          busy={move.isPending}
          disabled={!live || !target}
        >
          {target ? `Move to ${target.name}` : "Move"}
        </Button>
      </div>
    </form>
  );
}

function useFreeStations(except: string): Station[] {
  // One string, so that a floor that didn't change in this draws nothing.
  const view = useCallback((entries: Entry[], now: number) => ({ ids: freeStations(entries, now, except) }), [except]);
  const { ids } = useFloorView(view);
  return ids.split(" ").flatMap((id) => floor.entry(id).get()?.station ?? []);
}

function effect(from: Station, to: Station, session: Session): string {
  const pause = session.status === "paused" ? " The pause ends." : "";
  const leaving = from.driver === "manual" ? `Close ${from.name} yourself` : `${from.name} locks`;
  return to.driver === "manual"
    ? `${leaving}. The time goes on at once; open ${to.name} yourself.`
    : `${leaving} and ${to.name} opens. The time between isn’t used.${pause}`;
}
