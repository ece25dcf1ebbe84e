"use client";

import { useState, type FormEvent } from "react";
import { toast } from "@/lib/toast";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Station, type Zone } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useCreateZone } from "@/features/venues";
import { LONGEST_NAME, MOST_AT_ONCE, namesFrom, nextName } from "../names";
import { useCreateStation } from "../queries";
import { StationFields, type StationValues } from "./station-fields";

/** Adds one station or a numbered row of them; the first of an agent goes on to be connected. */
export function AddStations({
  stations,
  zones,
  onClose,
  onConnect,
}: {
  stations: readonly Station[];
  zones: readonly Zone[];
  onClose: () => void;
  onConnect: (id: string) => void;
}) {
  const words = useWords("places");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const createStation = useCreateStation();
  const createZone = useCreateZone();
  const taken = stations.map(({ name }) => name);
  const [name, setName] = useState(() => nextName(taken));
  const [count, setCount] = useState("1");
  const [values, setValues] = useState<StationValues>({
    kind: "pc",
    driver: "agent",
    zone: zones.at(-1)?.id ?? "new",
    newZone: zones.length === 0 ? words("form.firstZone") : "",
  });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);

  const number = /^\d{1,3}$/.test(count.trim()) ? Number(count) : 0;
  const names = namesFrom(name, Math.min(Math.max(number, 1), MOST_AT_ONCE));
  const [first = "", last = ""] = [names[0], names.at(-1)];
  const doubled = names.filter((one) => taken.includes(one));
  const problem =
    first === ""
      ? words("form.nameless")
      : last.length > LONGEST_NAME
        ? words("form.tooLong", { most: LONGEST_NAME })
        : doubled[0] !== undefined
          ? words("form.taken", { name: doubled[0], count: doubled.length })
          : null;
  const countProblem = number < 1 || number > MOST_AT_ONCE ? words("form.countRange", { most: MOST_AT_ONCE }) : null;
  const zoneProblem = values.zone === "new" && values.newZone.trim() === "";
  const ready = live && problem === null && countProblem === null && !zoneProblem;

  const add = async () => {
    setBusy(true);
    setRefused(null);
    const made: Station[] = [];
    try {
      let zone: string | null = values.zone === "" ? null : values.zone;
      if (zone === "new") {
        zone = (await createZone.mutateAsync({ name: values.newZone.trim() })).id;
        setValues({ ...values, zone });
      }
      for (const one of names) {
        const { kind, driver } = values;
        made.push(await createStation.mutateAsync({ name: one, kind, driver, zone, service: "available" }));
      }
    } catch (error) {
      setRefused([made.length > 0 ? words("form.soFar", { count: made.length }) : "", inWords(error)].join(" ").trim());
      const left = names[made.length];
      if (made.length > 0 && left !== undefined) {
        setName(left);
        setCount(String(names.length - made.length));
      }
      setBusy(false);
      return;
    }
    if (made.length > 1) toast.success(words("form.added", { count: made.length, first, last }));
    onClose();
    if (values.driver === "agent" && made[0]) onConnect(made[0].id);
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && ready) void add();
  };

  return (
    <Dialog
      open
      onClose={() => !busy && onClose()}
      title={words("add.title")}
      className="w-[520px]"
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {common("cancel")}
          </Button>
          <Button type="submit" form="add-stations" variant="primary" busy={busy} disabled={!ready}>
            {values.driver === "agent"
              ? words("add.andConnect", { count: names.length, name: first })
              : words("add.do", { count: names.length })}
          </Button>
        </>
      }
    >
      <form id="add-stations" onSubmit={submit} noValidate className="grid gap-4">
        <div className="grid grid-cols-[1fr_112px] items-start gap-4">
          <Field
            label={words("form.name")}
            value={name}
            maxLength={LONGEST_NAME}
            autoComplete="off"
            autoFocus
            problem={problem}
            onChange={(event) => setName(event.target.value)}
          />
          <Field
            label={words("form.count")}
            inputMode="numeric"
            value={count}
            maxLength={3}
            autoComplete="off"
            problem={countProblem}
            onChange={(event) => setCount(event.target.value)}
          />
        </div>
        <p role="status" className="-mt-2 text-ink-3 empty:hidden">
          {names.length > 1 &&
            problem === null &&
            words.rich("form.series", {
              first,
              last,
              b: (text) => <bdi className="font-semibold text-ink">{text}</bdi>,
            })}
        </p>
        <StationFields values={values} zones={zones} onChange={setValues} />
        {refused && (
          <Notice tone="last" role="alert">
            {refused}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}
