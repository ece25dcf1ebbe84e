"use client";

import { Check, PencilRuler } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { useInWords, type Station } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { clock, useLink } from "@/lib/live";
import { editPlanWith } from "../editor/editing";
import { nextToConnect, progressOf } from "../enrolment";
import { useAgentEvents, useIssueCode } from "../queries";
import { EnrolmentCheck } from "./enrolment-check";
import { EnrolmentCommand } from "./enrolment-command";

const steps = ["station", "connect", "check"] as const;
type Step = (typeof steps)[number];

export interface WizardProps {
  stations: readonly Station[];
  stationId: string;
  onStation: (id: string) => void;
  onClose: () => void;
}

/** Makes a PC a station: a code from here, typed there, until the agent reports. */
export function EnrolmentWizard({ stations, stationId, onStation, onClose }: WizardProps) {
  const [choosing, setChoosing] = useState(false);
  const station = stations.find(({ id }) => id === stationId);
  if (!station) return null;
  const props = { stations, station, onClose };
  return choosing ? (
    <Choose {...props} onStation={onStation} onNext={() => setChoosing(false)} />
  ) : (
    <Connect key={station.id} {...props} onStation={onStation} onBack={() => setChoosing(true)} />
  );
}

interface StepProps {
  stations: readonly Station[];
  station: Station;
  onStation: (id: string) => void;
  onClose: () => void;
}

function Choose({ stations, station, onStation, onNext, onClose }: StepProps & { onNext: () => void }) {
  const words = useWords("places");
  const common = useWords("common");
  const agents = stations.filter(({ driver }) => driver === "agent");
  return (
    <Dialog
      open
      onClose={onClose}
      title={<Title station={station} />}
      className="w-[640px]"
      footer={
        <>
          <Button onClick={onClose}>{common("cancel")}</Button>
          <Button variant="primary" onClick={onNext}>
            {words("connect.next")}
          </Button>
        </>
      }
    >
      <Steps at="station" />
      <Select
        label={words("column.station")}
        value={station.id}
        options={agents.map(({ id, name, connected }) => ({
          value: id,
          label: connected ? words("connect.isConnected", { name }) : name,
        }))}
        onChange={onStation}
      />
      {station.connected && (
        <Notice tone="soon" role="status" className="mt-4">
          {words("connect.replaces", { name: station.name })}
        </Notice>
      )}
    </Dialog>
  );
}

function Connect({ stations, station, onStation, onBack, onClose }: StepProps & { onBack: () => void }) {
  const words = useWords("places");
  const common = useWords("common");
  const inWords = useInWords();
  const { live } = useLink();
  const issue = useIssueCode(station.id);
  const [since, setSince] = useState<string | null>(null);
  const events = useAgentEvents(since);
  const progress = progressOf(station, events);
  const next = nextToConnect(stations, station.id);
  const asked = useRef(false);

  const newCode = () => {
    const at = clock.now();
    // A second of leeway: the server's clock is known here to within that.
    setSince(new Date(at - 1_000).toISOString());
    issue.mutate({ at });
  };
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    newCode();
    // Once, when the step is shown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const done = progress.step === "connected";
  return (
    <Dialog
      open
      onClose={onClose}
      title={<Title station={station} />}
      className="w-[640px]"
      footer={
        done ? (
          <>
            {station.position === null && <PlaceButton station={station} />}
            <Button variant={next ? "quiet" : "primary"} onClick={onClose}>
              {words("check.done")}
            </Button>
            {next && (
              <Button variant="primary" onClick={() => onStation(next.id)}>
                {words("connect.openNamed", { name: next.name })}
              </Button>
            )}
          </>
        ) : (
          <>
            <Button onClick={onBack} className="me-auto">
              {common("back")}
            </Button>
            <Button onClick={onClose}>{words("connect.later")}</Button>
          </>
        )
      }
    >
      <Steps at={done ? "check" : "connect"} done={done} />
      {done && <EnrolmentCheck station={station} afterSeconds={progress.afterSeconds} />}
      {!done && issue.isError && (
        <Notice
          tone="last"
          role="alert"
          action={
            <Button onClick={newCode} disabled={!live}>
              {common("tryAgain")}
            </Button>
          }
        >
          {inWords(issue.error)}
        </Notice>
      )}
      {!done && !issue.isError && (
        <EnrolmentCommand
          station={station}
          code={issue.data ?? null}
          progress={progress}
          busy={issue.isPending}
          live={live}
          onNewCode={newCode}
        />
      )}
    </Dialog>
  );
}

/** On to the floor, where the plan is edited with this station in hand. A plan isn't edited on a phone. */
function PlaceButton({ station }: { station: Station }) {
  const words = useWords("places");
  const router = useRouter();
  const place = () => {
    editPlanWith(station.id);
    router.push("/");
  };
  return (
    <Button onClick={place} className="me-auto max-md:hidden">
      <PencilRuler size={15} aria-hidden />
      {words("check.place")}
    </Button>
  );
}

function Title({ station }: { station: Station }) {
  const words = useWords("places");
  return (
    <>
      {words("connect.openNamed", { name: station.name })}{" "}
      <span className="ms-1.5 text-[13px]/[18px] font-normal text-ink-3">
        {[station.zone?.name, words(`kind.${station.kind}`)].filter(Boolean).join(" · ")}
      </span>
    </>
  );
}

function Steps({ at, done = false }: { at: Step; done?: boolean }) {
  const words = useWords("places");
  const here = steps.indexOf(at);
  return (
    <ol className="mb-5 flex items-center gap-2 border-b border-line pb-5">
      {steps.map((step, index) => {
        const past = index < here || done;
        return (
          <li
            key={step}
            aria-current={index === here ? "step" : undefined}
            className={cn("flex items-center gap-2", index > 0 && "flex-1")}
          >
            {index > 0 && (
              <span aria-hidden className={cn("h-px min-w-3 flex-1", past || index === here ? "bg-ok" : "bg-line")} />
            )}
            <span
              className={cn(
                "grid size-[22px] shrink-0 place-items-center rounded-full text-[12px] font-semibold",
                past
                  ? "bg-ok-soft text-ok"
                  : index === here
                    ? "bg-accent text-on-accent"
                    : "border-[1.5px] border-line-strong text-ink-3",
              )}
            >
              {past ? <Check size={13} strokeWidth={2.5} aria-hidden /> : index + 1}
            </span>
            <span className={cn("font-semibold max-sm:text-[12px]", index > here && "text-ink-3")}>
              {words(`steps.${step}`)}
              {past && <span className="sr-only"> {words("steps.done")}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
