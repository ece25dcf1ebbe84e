"use client";

import { useState, type FormEvent } from "react";
import { toast } from "@/lib/toast";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Problem, useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from "../passwords";
import { useChangePassword, useSignOutEverywhere } from "../team";

/** A new password for whoever is signed in. */
export function ChangePassword({ onClose }: { onClose: () => void }) {
  const words = useWords("team");
  const common = useWords("common");
  const inWords = useInWords();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const short = next.length < SHORTEST_PASSWORD;
  const wrong = change.error instanceof Problem && change.error.code === "auth.wrong_password";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (change.isPending || current === "" || short || next !== again) return;
    const onSuccess = () => {
      toast.success(words("own.done"));
      onClose();
    };
    change.mutate({ current_password: current, new_password: next }, { onSuccess });
  };
  const secret = { type: "password", maxLength: LONGEST_PASSWORD } as const;
  return (
    <Dialog
      open
      onClose={onClose}
      title={words("own.title")}
      description={words("own.text")}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" form="own-password" variant="primary" busy={change.isPending}>
            {words("own.do")}
          </Button>
        </>
      }
    >
      <form id="own-password" onSubmit={submit} noValidate className="grid gap-4">
        <Field
          {...secret}
          label={words("own.current")}
          autoComplete="current-password"
          autoFocus
          value={current}
          problem={wrong ? inWords(change.error) : tried && current === "" ? words("own.missing") : null}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <Field
          {...secret}
          label={words("own.new")}
          hint={words("password.hint", { shortest: SHORTEST_PASSWORD })}
          autoComplete="new-password"
          value={next}
          problem={tried && short ? words("own.short", { shortest: SHORTEST_PASSWORD }) : null}
          onChange={(event) => setNext(event.target.value)}
        />
        <Field
          {...secret}
          label={words("own.again")}
          autoComplete="new-password"
          value={again}
          problem={tried && !short && next !== again ? words("own.differs") : null}
          onChange={(event) => setAgain(event.target.value)}
        />
        {change.isError && !wrong && (
          <Notice tone="last" role="alert">
            {inWords(change.error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}

/** Ends every sign-in of whoever is signed in, after asking. */
export function SignOutEverywhere({ onClose }: { onClose: () => void }) {
  const words = useWords("team");
  const inWords = useInWords();
  const signOut = useSignOutEverywhere();
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words("everywhere.title")}
      confirm={words("everywhere.do")}
      keep={words("everywhere.keep")}
      busy={signOut.isPending}
      problem={signOut.isError ? inWords(signOut.error) : null}
      onConfirm={() => signOut.mutate()}
    >
      {words("everywhere.text")}
    </ConfirmDialog>
  );
}
