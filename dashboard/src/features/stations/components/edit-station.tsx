"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useCreateZone, useZones } from "@/features/venues";
import { LONGEST_NAME } from "../names";
import { useChangeStation } from "../queries";
import { StationFields, type StationValues } from "./station-fields";

/** Changes what a station is called and is. */
export function EditStation({ station, onClose }: { station: Station; onClose: () => void }) {
  const words = useWords("places");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const change = useChangeStation(station.id);
  const createZone = useCreateZone();
  const zones = useZones() ?? [];
  const [name, setName] = useState(station.name);
  const [values, setValues] = useState<StationValues>({
    kind: station.kind,
    driver: station.driver,
    zone: station.zone?.id ?? "",
    newZone: "",
  });
  const inSession = station.status === "in_session";
  const ready = live && name.trim() !== "" && (values.zone !== "new" || values.newZone.trim() !== "");
  const error = createZone.error ?? change.error;
  const busy = change.isPending || createZone.isPending;

  const save = async () => {
    const zone =
      values.zone === "new" ? (await createZone.mutateAsync({ name: values.newZone.trim() })).id : values.zone || null;
    setValues({ ...values, zone: zone ?? "" });
    const { kind, driver } = values;
    await change.mutateAsync({ name: name.trim(), kind, driver, zone });
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A refusal stays in the mutation, which shows it.
    if (ready && !busy) save().catch(() => undefined);
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={words("edit.title", { name: station.name })}
      className="w-[520px]"
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" form="edit-station" variant="primary" busy={busy} disabled={!ready}>
            {common("save")}
          </Button>
        </>
      }
    >
      <form id="edit-station" onSubmit={submit} noValidate className="grid gap-4">
        <Field
          label={words("form.name")}
          value={name}
          maxLength={LONGEST_NAME}
          autoComplete="off"
          problem={name.trim() === "" ? words("form.nameless") : null}
          onChange={(event) => setName(event.target.value)}
        />
        <StationFields values={values} zones={zones} locked={inSession} onChange={setValues} />
        {station.driver === "agent" && values.driver === "manual" && (
          <Notice tone="soon" role="status">
            {words("edit.becomesManual", { name: station.name })}
          </Notice>
        )}
        {error && (
          <Notice tone="last" role="alert">
            {inWords(error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}
