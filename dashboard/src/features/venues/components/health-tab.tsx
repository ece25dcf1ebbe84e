"use client";

import { CircleAlert, CircleCheck, CircleMinus, LoaderCircle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { useHealth, type Health } from "@/lib/health";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useVenueTime } from "../queries";

type Tone = "ok" | "soon" | "last" | "none";
const parts = ["database", "migrations", "redis", "jobs", "relay", "clock"] as const;
type Part = (typeof parts)[number];

/** How the server and its parts are, asked every few seconds, and what to do when one isn't well. */
export function HealthTab() {
  const words = useWords("settings");
  const health = useHealth();
  const link = useLink();
  const time = useVenueTime();

  if (health.isPending) {
    return (
      <p role="status" className="mt-4 flex items-center gap-2 text-ink-3">
        <LoaderCircle size={16} className="animate-spin motion-reduce:animate-none" aria-hidden />
        {words("health.asking")}
      </p>
    );
  }
  const said = health.isError ? null : health.data;
  return (
    <div className="mt-4 grid gap-4">
      <Overall said={said} />
      <ul className="rounded-[12px] border border-line bg-zone px-5 light:bg-surface">
        <Item
          tone={said ? "ok" : "last"}
          name={words("health.server")}
          value={
            said
              ? words("health.answers", { milliseconds: said.milliseconds, version: said.version })
              : words("health.silent")
          }
          advice={said ? null : words("health.advice.server")}
        />
        <Item
          tone={link.live ? "ok" : "soon"}
          name={words("health.link")}
          value={words(link.live ? "health.linkLive" : "health.linkDown", { time: time.clock(link.since) })}
          advice={link.live ? null : words("health.advice.link")}
        />
        {said && parts.map((part) => <PartItem key={part} part={part} word={said.checks[part]} />)}
        {said &&
          Object.entries(said.checks)
            .filter(([name]) => !parts.some((part) => part === name))
            .map(([name, word]) => (
              <Item
                key={name}
                tone={word === "ok" ? "ok" : "soon"}
                name={name}
                value={word === "ok" ? words("health.fine") : word}
                advice={word === "ok" ? null : words("health.advice.other")}
              />
            ))}
      </ul>
      <p className="text-[12px]/4 text-pretty text-ink-3">{words("health.note")}</p>
    </div>
  );
}

function Overall({ said }: { said: Health | null }) {
  const words = useWords("settings");
  if (said?.status === "ok") {
    return (
      <div role="status" className="flex items-center gap-3 rounded-[8px] bg-ok-soft px-4 py-3 font-semibold">
        <CircleCheck size={20} className="text-ok" aria-hidden />
        {words("health.allWell")}
      </div>
    );
  }
  return (
    <Notice tone={said?.status === "degraded" ? "soon" : "last"} role="alert">
      {words(said === null ? "health.unreachable" : `health.${said.status}`)}
    </Notice>
  );
}

/** A part that isn't mentioned is well: jobs, relay and clock are said only when they aren't. */
function PartItem({ part, word = "ok" }: { part: Part; word?: string | undefined }) {
  const words = useWords("settings");
  const vital = part === "database" || part === "migrations";
  if (word === "ok")
    return <Item tone="ok" name={words(`health.${part}`)} value={words("health.fine")} advice={null} />;
  if (word === "not configured") {
    return (
      <Item
        tone="none"
        name={words(`health.${part}`)}
        value={words("health.notUsed")}
        advice={words("health.advice.notUsed")}
      />
    );
  }
  return (
    <Item
      tone={vital ? "last" : "soon"}
      name={words(`health.${part}`)}
      value={<span lang="en">{word}</span>}
      advice={words(`health.advice.${part}`)}
    />
  );
}

const marks = {
  ok: <CircleCheck size={16} className="mt-px shrink-0 text-ok" aria-hidden />,
  soon: <TriangleAlert size={16} className="mt-px shrink-0 text-soon" aria-hidden />,
  last: <CircleAlert size={16} className="mt-px shrink-0 text-last" aria-hidden />,
  none: <CircleMinus size={16} className="mt-px shrink-0 text-ink-3" aria-hidden />,
};

function Item({ tone, name, value, advice }: { tone: Tone; name: string; value: ReactNode; advice: string | null }) {
  return (
    <li className="flex items-start gap-3 border-b border-line py-3 last:border-0">
      {marks[tone]}
      <span className="w-[140px] shrink-0 font-semibold max-sm:w-[104px]">{name}</span>
      <span className="min-w-0">
        <span className="block text-pretty text-ink-2">{value}</span>
        {advice && <span className="mt-0.5 block text-[12px]/4 text-pretty text-ink-3">{advice}</span>}
      </span>
    </li>
  );
}
