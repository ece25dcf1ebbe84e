"use client";

import { KeyRound, Pencil, PlugZap, Trash2, Wrench, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "@/lib/toast";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm";
import { Notice } from "@/components/ui/notice";
import { SidePanel } from "@/components/ui/side-panel";
import { useInWords, type Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useChangeStation, useRetireStation } from "../queries";
import { contactOf } from "../roster";
import { AgentToken } from "./agent-token";
import { EditStation } from "./edit-station";
import { MaintenanceForm } from "./maintenance-form";
import { PcFacts } from "./pc-facts";
import { ContactLine, StateLine } from "./roster-row";

type Doing = "edit" | "maintenance" | "token" | "retire";

/** One station: what is known of it, and what can be done about it. */
export function StationDetails({
  station,
  mayManage,
  onConnect,
  onClose,
}: {
  station: Station;
  mayManage: boolean;
  onConnect: () => void;
  onClose: () => void;
}) {
  const words = useWords("places");
  const [doing, setDoing] = useState<Doing | null>(null);
  const done = () => setDoing(null);
  return (
    <>
      <SidePanel label={station.name} title={station.name} onClose={onClose}>
        <dl>
          <Fact name={words("form.kind")}>{words(`kind.${station.kind}`)}</Fact>
          <Fact name={words("form.zone")}>{station.zone?.name ?? words("zone.none")}</Fact>
          <Fact name={words("form.driver")}>{words(`driver.${station.driver}.name`)}</Fact>
          {station.driver === "agent" && (
            <Fact name={words("column.connection")}>
              <ContactLine station={station} />
            </Fact>
          )}
          <Fact name={words("column.state")}>
            <StateLine station={station} />
          </Fact>
          <PcFacts station={station} render={(name, value) => <Fact name={name}>{value}</Fact>} />
        </dl>
        {mayManage && <Actions station={station} onConnect={onConnect} onDo={setDoing} />}
      </SidePanel>
      {doing === "edit" && <EditStation station={station} onClose={done} />}
      {doing === "maintenance" && <MaintenanceForm station={station} onClose={done} />}
      {doing === "token" && <AgentToken station={station} onClose={done} />}
      {doing === "retire" && <RetireStation station={station} onClose={done} />}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-2.5">
      <dt className="shrink-0 text-ink-3">{name}</dt>
      <dd className="min-w-0 text-end wrap-anywhere">{children}</dd>
    </div>
  );
}

function Actions({
  station,
  onConnect,
  onDo,
}: {
  station: Station;
  onConnect: () => void;
  onDo: (doing: Doing) => void;
}) {
  const words = useWords("places");
  const inWords = useInWords();
  const { live } = useLink();
  const change = useChangeStation(station.id);
  const agent = station.driver === "agent";
  const never = contactOf(station) === "never";
  const inMaintenance = station.service === "maintenance";
  const inSession = station.status === "in_session";
  return (
    <section aria-label={words("actions.label")} className="mt-5 grid gap-2">
      {!live && (
        <Notice tone="soon" role="status">
          {words("actions.notLive")}
        </Notice>
      )}
      {agent && (
        <Action Icon={PlugZap} primary={never} disabled={!live} onClick={onConnect}>
          {words(never ? "connect.openNamed" : "connect.anew", { name: station.name })}
        </Action>
      )}
      <Action Icon={Pencil} disabled={!live} onClick={() => onDo("edit")}>
        {words("actions.edit")}
      </Action>
      {inMaintenance ? (
        <>
          <Action
            Icon={Wrench}
            disabled={!live || change.isPending}
            onClick={() =>
              change.mutate(
                { service: "available" },
                {
                  onSuccess: () => toast.success(words("maintenance.over", { name: station.name })),
                  onError: (error) => toast.error(inWords(error)),
                },
              )
            }
          >
            {words("maintenance.end")}
          </Action>
          <Action Icon={Pencil} disabled={!live} onClick={() => onDo("maintenance")}>
            {words("maintenance.change")}
          </Action>
        </>
      ) : (
        <Action Icon={Wrench} disabled={!live || inSession} onClick={() => onDo("maintenance")}>
          {words("maintenance.do")}
        </Action>
      )}
      {agent && (
        <Action Icon={KeyRound} disabled={!live} onClick={() => onDo("token")}>
          {words("token.open")}
        </Action>
      )}
      <Action Icon={Trash2} danger disabled={!live || inSession} onClick={() => onDo("retire")}>
        {words("retire.open")}
      </Action>
      {inSession && <p className="text-pretty text-ink-3">{words("actions.inSession", { name: station.name })}</p>}
    </section>
  );
}

function Action({
  Icon,
  primary = false,
  danger = false,
  disabled,
  onClick,
  children,
}: {
  Icon: LucideIcon;
  primary?: boolean;
  danger?: boolean;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      variant={primary ? "primary" : danger ? "danger-quiet" : "quiet"}
      disabled={disabled}
      onClick={onClick}
      className="h-10 justify-start gap-3 text-start whitespace-normal max-md:h-12"
    >
      <Icon size={16} className="shrink-0" aria-hidden />
      {children}
    </Button>
  );
}

function RetireStation({ station, onClose }: { station: Station; onClose: () => void }) {
  const words = useWords("places");
  const inWords = useInWords();
  const { live } = useLink();
  const retire = useRetireStation(station.id);
  const { name } = station;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={words("retire.title", { name })}
      confirm={words("retire.do", { name })}
      keep={words("retire.keep")}
      danger
      busy={retire.isPending}
      disabled={!live}
      problem={retire.isError ? inWords(retire.error) : null}
      onConfirm={() =>
        retire.mutate(null, {
          onSuccess: () => {
            toast.success(words("retire.done", { name }));
            onClose();
          },
        })
      }
    >
      {words(station.driver === "agent" ? "retire.agent" : "retire.manual", { name })}
    </ConfirmDialog>
  );
}
