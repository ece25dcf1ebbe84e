"use client";

import { useState, type FormEvent } from "react";
import { toast } from "@/lib/toast";
import { Button } from "@/components/ui/button";
import { ChoiceList } from "@/components/ui/choice-list";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { readablePassword, SHORTEST_PASSWORD } from "../passwords";
import type { Role } from "../roles";
import { useAddMember } from "../team";
import { GivenPassword } from "./password-fields";

/** Gives somebody a name, a role and a first password. */
export function AddMember({ onClose }: { onClose: () => void }) {
  const words = useWords("team");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const add = useAddMember();
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("attendant");
  const [password, setPassword] = useState(readablePassword);
  const ready = live && username.trim() !== "" && password.length >= SHORTEST_PASSWORD;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || add.isPending) return;
    add.mutate(
      { username: username.trim(), role, password },
      {
        onSuccess: ({ username: name }) => {
          toast.success(words("add.done", { name }));
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={words("add.title")}
      className="w-[520px]"
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" form="add-member" variant="primary" busy={add.isPending} disabled={!ready}>
            {words("add.do")}
          </Button>
        </>
      }
    >
      <form id="add-member" onSubmit={submit} noValidate className="grid gap-4">
        <Field
          label={words("column.name")}
          hint={words("add.nameHint")}
          value={username}
          maxLength={64}
          autoComplete="off"
          autoFocus
          onChange={(event) => setUsername(event.target.value)}
        />
        <RoleChoice value={role} onChange={setRole} />
        <GivenPassword value={password} onChange={setPassword} />
        {add.isError && (
          <Notice tone="last" role="alert">
            {inWords(add.error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}

/** The roles, each with what it may do. */
export function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const words = useWords("team");
  const shell = useWords("shell");
  return (
    <ChoiceList
      legend={words("column.role")}
      value={value}
      choices={(["viewer", "attendant", "manager", "owner"] as const).map((role) => ({
        value: role,
        label: shell(`roles.${role}`),
        hint: words(`role.${role}`),
      }))}
      onChange={onChange}
    />
  );
}
