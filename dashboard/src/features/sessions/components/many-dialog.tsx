"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import { useLanguage, useWords } from "@/lib/i18n";
import { useLink, type Entry } from "@/lib/live";
import { namesOf } from "../many";
import type { Deed } from "../use-many";

export interface ManyDialogProps {
  kind: Deed["kind"];
  /** Those that it will be done to, and those that it can't be done to. */
  entries: readonly Entry[];
  leftOut: readonly Entry[];
  onClose: () => void;
  onRun: (deed: Deed) => void;
}

const MOST = { extend: 1440, compensate: 1440 };

/** Asks for what a deed needs, and names how many and whom it concerns. */
export function ManyDialog({ kind, entries, leftOut, onClose, onRun }: ManyDialogProps) {
  const words = useWords("many");
  const { live } = useLink();
  const count = entries.length;
  const title = words(`ask.${kind}`, { count });
  const whom = <Whom kind={kind} entries={entries} leftOut={leftOut} />;
  if (kind === "end" || kind === "lock") {
    return (
      <ConfirmDialog
        open
        onClose={onClose}
        title={title}
        confirm={words(`run.${kind}`, { count })}
        {...(kind === "end" ? { keep: words("keepPlaying"), danger: true } : {})}
        disabled={!live}
        onConfirm={() => onRun({ kind })}
      >
        {whom}
      </ConfirmDialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={title} description={whom}>
      <Form kind={kind} count={count} onClose={onClose} onRun={onRun} />
    </Dialog>
  );
}

function Form({
  kind,
  count,
  onClose,
  onRun,
}: Pick<ManyDialogProps, "onClose" | "onRun"> & { kind: "extend" | "compensate" | "message"; count: number }) {
  const words = useWords("many");
  const common = useWords("common");
  const { live } = useLink();
  const [minutes, setMinutes] = useState("15");
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const given = Number(minutes.trim());
  const minutesFit = /^\d+$/.test(minutes.trim()) && given >= 1 && given <= MOST.extend;
  const textFits = text.trim() !== "";
  const fits = kind === "message" ? textFits : minutesFit && (kind === "extend" || textFits);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!fits || !live) return;
    if (kind === "message") onRun({ kind, text: text.trim() });
    else if (kind === "extend") onRun({ kind, minutes: given });
    else onRun({ kind, minutes: given, reason: text.trim() });
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {kind !== "message" && (
        <Field
          label={words("minutes")}
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
          problem={tried && !minutesFit ? words("minutesProblem", { most: MOST.extend }) : null}
        />
      )}
      {kind === "compensate" && (
        <Field
          label={words("reason")}
          autoComplete="off"
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
          problem={tried && !textFits ? words("reasonProblem") : null}
        />
      )}
      {kind === "message" && (
        <TextArea
          label={words("text")}
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
          problem={tried && !textFits ? words("textProblem") : null}
        />
      )}
      <div className="flex justify-end gap-2">
        <Button className="h-9 max-md:h-11" onClick={onClose}>
          {common("cancel")}
        </Button>
        <Button type="submit" variant="primary" className="h-9 max-md:h-11" disabled={!live}>
          {words(`run.${kind}`, { count })}
        </Button>
      </div>
    </form>
  );
}

function Whom({ kind, entries, leftOut }: Pick<ManyDialogProps, "kind" | "entries" | "leftOut">) {
  const words = useWords("many");
  const common = useWords("common");
  const [language] = useLanguage();
  const more = (count: number) => words("more", { count });
  const named = ({ station, session }: Entry): Entry => {
    const player = session && session.status !== "ended" ? (session.user_name ?? common("guest")) : null;
    return player === null
      ? { station, session }
      : { station: { ...station, name: `${station.name} (${player})` }, session };
  };
  return (
    <>
      <p>{words(`whom.${kind}`, { names: namesOf(entries.map(named), language, more), count: entries.length })}</p>
      {leftOut.length > 0 && (
        <p className="mt-2 text-ink-3">
          {words(`leftOut.${kind}`, { names: namesOf(leftOut, language, more), count: leftOut.length })}
        </p>
      )}
    </>
  );
}
