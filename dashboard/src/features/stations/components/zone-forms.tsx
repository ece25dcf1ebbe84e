"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useInWords, type Zone } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useChangeZone, useCreateZone, useRetireZone } from "@/features/venues";

/** Names a new zone, or another one anew. */
export function ZoneForm({ zone, onClose }: { zone?: Zone; onClose: () => void }) {
  const words = useWords("places");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const create = useCreateZone();
  const change = useChangeZone();
  const [name, setName] = useState(zone?.name ?? "");
  const action = zone ? change : create;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = name.trim();
    if (action.isPending || !live || said === "") return;
    if (zone) change.mutate({ id: zone.id, name: said }, { onSuccess: onClose });
    else create.mutate({ name: said }, { onSuccess: onClose });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={zone ? words("zone.rename", { zone: zone.name }) : words("zone.new")}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button
            type="submit"
            form="zone-form"
            variant="primary"
            busy={action.isPending}
            disabled={!live || name.trim() === ""}
          >
            {zone ? common("save") : words("zone.add")}
          </Button>
        </>
      }
    >
      <form id="zone-form" onSubmit={submit} className="grid gap-4">
        <Field
          label={words("zone.name")}
          hint={zone ? undefined : words("zone.hint")}
          value={name}
          maxLength={80}
          autoComplete="off"
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        {action.isError && (
          <Notice tone="last" role="alert">
            {inWords(action.error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}

/** Takes a zone off the floor after asking; one with stations can't go. */
export function RetireZone({ zone, used, onClose }: { zone: Zone; used: number; onClose: () => void }) {
  const words = useWords("places");
  const inWords = useInWords();
  const { live } = useLink();
  const retire = useRetireZone(zone.id);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words("zone.retireTitle", { zone: zone.name })}
      confirm={words("zone.retireDo")}
      danger
      busy={retire.isPending}
      disabled={!live || used > 0}
      problem={retire.isError ? inWords(retire.error) : null}
      onConfirm={() => retire.mutate(null, { onSuccess: onClose })}
    >
      {used > 0 ? words("zone.used", { count: used }) : words("zone.retireText")}
    </ConfirmDialog>
  );
}
