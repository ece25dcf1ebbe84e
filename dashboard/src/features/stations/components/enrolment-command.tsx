"use client";

import { ChevronRight, LoaderCircle } from "lucide-react";
import { Fragment, useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Tabs } from "@/components/ui/tabs";
import type { Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useNow } from "@/lib/live";
import { secondsUntil, useTimeWords } from "@/lib/time";
import { commandsFor, isOnlyHere, type Progress, type System } from "../enrolment";
import type { EnrolmentCode } from "../queries";

export interface CommandProps {
  station: Station;
  /** Null while it is being made. */
  code: EnrolmentCode | null;
  progress: Progress;
  busy: boolean;
  live: boolean;
  onNewCode: () => void;
}

/** What to type at the PC, for how long it is good, and what has come of it so far. */
export function EnrolmentCommand({ station, code, progress, busy, live, onNewCode }: CommandProps) {
  const words = useWords("places");
  const [system, setSystem] = useState<System>("windows");
  const [server, setServer] = useState(() => location.origin);
  const expiresAt = code ? Date.parse(code.expires_at) : null;
  const left = useNow((now) => (expiresAt === null ? 0 : secondsUntil(expiresAt, now)));
  const over = expiresAt !== null && left === 0 && progress.step === "waiting";
  const address = server.trim().replace(/\/+$/, "");
  const shown = code?.code ?? "····-····";
  const panel = (which: System) => (
    <Command lines={commandsFor(which, address, shown)} name={station.name} bold={[address, shown]} />
  );

  return (
    <div className="grid gap-5">
      {isOnlyHere(location.origin) && (
        <Field
          label={words("connect.address")}
          hint={words("connect.addressHint")}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          value={server}
          onChange={(event) => setServer(event.target.value)}
        />
      )}
      <div>
        <p className="mb-2 text-[14px]/5 text-ink-2">{words("connect.run", { name: station.name })}</p>
        <Tabs
          label={words("connect.systems")}
          value={system}
          onChange={setSystem}
          tabs={[
            { value: "windows", label: "Windows", content: panel("windows") },
            { value: "linux", label: "Linux", content: panel("linux") },
          ]}
        />
        <p className="mt-2 text-[12px]/4 text-pretty text-ink-3">{words(`connect.${system}`)}</p>
      </div>
      <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div>
          <div className="text-ink-3" id="enrolment-code">
            {words("connect.code")}
          </div>
          <output
            dir="ltr"
            aria-labelledby="enrolment-code"
            className="block font-mono text-[40px]/[48px] tracking-[0.02em] max-sm:text-[32px]/10"
          >
            {shown}
          </output>
        </div>
        <div className="grid justify-items-end gap-1 pb-1">
          {expiresAt !== null && progress.step === "waiting" && <TimeLeft seconds={left} />}
          <button
            type="button"
            disabled={!live || busy}
            onClick={onNewCode}
            className="min-h-6 font-semibold text-accent-text hover:underline disabled:opacity-45"
          >
            {words("connect.newCode")}
          </button>
        </div>
      </div>
      <Waiting station={station} progress={progress} over={over} />
      <Advice server={address} />
    </div>
  );
}

function TimeLeft({ seconds }: { seconds: number }) {
  const words = useWords("places");
  const time = useTimeWords();
  return (
    <span className="text-ink-3">
      {words.rich("connect.left", {
        time: time.figure(seconds),
        b: (text) => <bdi className="text-[16px]/5 font-semibold text-ink tabular-nums">{text}</bdi>,
      })}
    </span>
  );
}

function Command({ lines, name, bold }: { lines: readonly string[]; name: string; bold: readonly string[] }) {
  const words = useWords("places");
  return (
    <ol className="grid gap-2">
      {lines.map((line, index) => (
        <li key={index} className="flex items-center gap-3 rounded-[8px] border border-line bg-plan py-2.5 ps-4 pe-3">
          <code dir="ltr" className="min-w-0 flex-1 text-start font-mono text-[13px]/5 wrap-anywhere text-ink-2">
            {line.split(" ").map((word, at) => (
              <Fragment key={at}>
                {at > 0 && " "}
                <span className={bold.includes(word) ? "font-semibold text-ink" : "whitespace-nowrap"}>{word}</span>
              </Fragment>
            ))}
          </code>
          <CopyButton
            text={line}
            what={words(index === 0 ? "connect.enrolCommand" : "connect.startCommand", { name })}
          />
        </li>
      ))}
    </ol>
  );
}

function Waiting({ station, progress, over }: { station: Station; progress: Progress; over: boolean }) {
  const words = useWords("places");
  const { name } = station;
  if (over) {
    return (
      <Notice tone="soon" role="alert">
        {words("connect.over")}
      </Notice>
    );
  }
  const enrolled = progress.step === "enrolled";
  return (
    <>
      <div role="status" className="flex items-center gap-3.5 rounded-[8px] bg-wait-soft px-4 py-3.5">
        <LoaderCircle size={20} className="shrink-0 animate-spin text-wait motion-reduce:animate-none" aria-hidden />
        <div className="min-w-0">
          <div className="text-[14px]/5 font-semibold">
            {words(enrolled ? "connect.enrolled" : "connect.waiting", { name })}
          </div>
          <div className="text-ink-2">{words(enrolled ? "connect.enrolledText" : "connect.waitingText")}</div>
        </div>
      </div>
      {progress.step === "waiting" && progress.refusedFrom !== null && (
        <Notice tone="soon" role="status">
          {words("connect.refused", { address: progress.refusedFrom })}
        </Notice>
      )}
    </>
  );
}

function Advice({ server }: { server: string }) {
  const words = useWords("places");
  const code = (text: React.ReactNode) => (
    <code dir="ltr" className="font-mono text-[12px] wrap-anywhere text-ink">
      {text}
    </code>
  );
  return (
    <details className="group">
      <summary className="flex min-h-6 w-fit cursor-pointer list-none items-center gap-1.5 font-semibold text-ink-2 hover:text-ink">
        <ChevronRight size={14} className="transition-transform group-open:rotate-90 rtl:-scale-x-100" aria-hidden />
        {words("advice.title")}
      </summary>
      <ul className="mt-2 grid list-disc gap-2 ps-9 text-pretty text-ink-2 marker:text-ink-3">
        <li>{words.rich("advice.reach", { url: `${server}/health/live`, code })}</li>
        <li>{words.rich("advice.install", { code })}</li>
        <li>{words.rich("advice.already", { code })}</li>
        <li>{words.rich("advice.code", { code })}</li>
        <li>{words.rich("advice.doctor", { code })}</li>
      </ul>
    </details>
  );
}
