"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useChangeStation } from "../queries";

/** Takes a station out of service, or says anew why it is. */
export function MaintenanceForm({ station, onClose }: { station: Station; onClose: () => void }) {
  const words = useWords("places");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const change = useChangeStation(station.id);
  const [note, setNote] = useState(station.maintenance_note ?? "");
  const already = station.service === "maintenance";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending || !live) return;
    const said = note.trim();
    change.mutate({ service: "maintenance", maintenance_note: said === "" ? null : said }, { onSuccess: onClose });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={words(already ? "maintenance.noteTitle" : "maintenance.title", { name: station.name })}
      {...(already ? {} : { description: words("maintenance.text", { name: station.name }) })}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" form="maintenance" variant="primary" busy={change.isPending} disabled={!live}>
            {already ? common("save") : words("maintenance.do")}
          </Button>
        </>
      }
    >
      <form id="maintenance" onSubmit={submit} className="grid gap-4">
        <Field
          label={words("maintenance.note")}
          aside={common("optional")}
          hint={words("maintenance.hint")}
          value={note}
          maxLength={120}
          autoComplete="off"
          autoFocus
          onChange={(event) => setNote(event.target.value)}
        />
        {change.isError && (
          <Notice tone="last" role="alert">
            {inWords(change.error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}
