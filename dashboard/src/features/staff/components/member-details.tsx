"use client";

import { KeyRound, Pencil, UserCheck, UserX, type LucideIcon } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { toast } from "@/lib/toast";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SidePanel } from "@/components/ui/side-panel";
import { useInWords } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { readablePassword, SHORTEST_PASSWORD } from "../passwords";
import { useChangeMember, type Member } from "../team";
import { RoleChoice } from "./add-member";
import { GivenPassword } from "./password-fields";

type Doing = "edit" | "password" | "retire";

/** One member of staff, and what an owner can do about them. */
export function MemberDetails({
  member,
  self,
  since,
  onClose,
}: {
  member: Member;
  self: boolean;
  since: string;
  onClose: () => void;
}) {
  const words = useWords("team");
  const shell = useWords("shell");
  const inWords = useInWords();
  const { live } = useLink();
  const change = useChangeMember(member.id);
  const [doing, setDoing] = useState<Doing | null>(null);
  const name = member.username;
  const retired = member.retired_at !== null;
  const done = () => setDoing(null);

  return (
    <>
      <SidePanel label={name} title={<bdi>{name}</bdi>} onClose={onClose}>
        <dl>
          <Fact name={words("column.role")}>{shell(`roles.${member.role}`)}</Fact>
          <Fact name={words("column.access")}>{words(retired ? "access.no" : "access.yes")}</Fact>
          <Fact name={words("column.since")}>{since}</Fact>
        </dl>
        <div className="mt-5 grid gap-2">
          {!live && (
            <Notice tone="soon" role="status">
              {words("notLive")}
            </Notice>
          )}
          <Action Icon={Pencil} disabled={!live} onClick={() => setDoing("edit")}>
            {words("edit.open")}
          </Action>
          {!retired && (
            <Action Icon={KeyRound} disabled={!live} onClick={() => setDoing("password")}>
              {words("reset.open")}
            </Action>
          )}
          {retired ? (
            <Action
              Icon={UserCheck}
              disabled={!live || change.isPending}
              onClick={() =>
                change.mutate(
                  { retired: false },
                  {
                    onSuccess: () => toast.success(words("retire.back", { name })),
                    onError: (error) => toast.error(inWords(error)),
                  },
                )
              }
            >
              {words("retire.undo")}
            </Action>
          ) : (
            <Action Icon={UserX} danger disabled={!live} onClick={() => setDoing("retire")}>
              {words("retire.open")}
            </Action>
          )}
        </div>
      </SidePanel>
      {doing === "edit" && <EditMember member={member} onClose={done} />}
      {doing === "password" && <ResetPassword member={member} onClose={done} />}
      {doing === "retire" && (
        <ConfirmDialog
          open
          onClose={done}
          title={words("retire.title", { name })}
          confirm={words("retire.do")}
          keep={words("retire.keep")}
          danger
          busy={change.isPending}
          disabled={!live}
          problem={change.isError ? inWords(change.error) : null}
          onConfirm={() => change.mutate({ retired: true }, { onSuccess: done })}
        >
          {words(self ? "retire.self" : "retire.text", { name })}
        </ConfirmDialog>
      )}
    </>
  );
}

function EditMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const words = useWords("team");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const change = useChangeMember(member.id);
  const [username, setUsername] = useState(member.username);
  const [role, setRole] = useState(member.role);
  const ready = live && username.trim() !== "";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !change.isPending) change.mutate({ username: username.trim(), role }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words("edit.title", { name: member.username })}
      className="w-[520px]"
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" form="edit-member" variant="primary" busy={change.isPending} disabled={!ready}>
            {common("save")}
          </Button>
        </>
      }
    >
      <form id="edit-member" onSubmit={submit} noValidate className="grid gap-4">
        <Field
          label={words("column.name")}
          value={username}
          maxLength={64}
          autoComplete="off"
          onChange={(event) => setUsername(event.target.value)}
        />
        <RoleChoice value={role} onChange={setRole} />
        <p className="text-[12px]/4 text-ink-3">{words("edit.hint")}</p>
        {change.isError && (
          <Notice tone="last" role="alert">
            {inWords(change.error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}

function ResetPassword({ member, onClose }: { member: Member; onClose: () => void }) {
  const words = useWords("team");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const change = useChangeMember(member.id);
  const [password, setPassword] = useState(readablePassword);
  const name = member.username;
  const ready = live && password.length >= SHORTEST_PASSWORD;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || change.isPending) return;
    const onSuccess = () => {
      toast.success(words("reset.done", { name }));
      onClose();
    };
    change.mutate({ password }, { onSuccess });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={words("reset.title", { name })}
      description={words("reset.text", { name })}
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button type="submit" form="reset-password" variant="primary" busy={change.isPending} disabled={!ready}>
            {words("reset.do")}
          </Button>
        </>
      }
    >
      <form id="reset-password" onSubmit={submit} className="grid gap-4">
        <GivenPassword value={password} onChange={setPassword} />
        {change.isError && (
          <Notice tone="last" role="alert">
            {inWords(change.error)}
          </Notice>
        )}
      </form>
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2.5">
      <dt className="text-ink-3">{name}</dt>
      <dd className="text-end">{children}</dd>
    </div>
  );
}

interface ActionProps {
  Icon: LucideIcon;
  danger?: boolean;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Action({ Icon, danger = false, disabled, onClick, children }: ActionProps) {
  return (
    <Button
      variant={danger ? "danger-quiet" : "quiet"}
      disabled={disabled}
      onClick={onClick}
      className="h-10 justify-start gap-3 text-start whitespace-normal max-md:h-12"
    >
      <Icon size={16} className="shrink-0" aria-hidden />
      {children}
    </Button>
  );
}
