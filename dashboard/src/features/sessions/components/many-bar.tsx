"use client";

import { Lock, MessageSquare, Plus, Square, Undo2, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { useWords } from "@/lib/i18n";
import { clock, floor, useLink, useStationIds, useStore, type Entry } from "@/lib/live";
import { graceLeft, pickOnly, useMatchingStations } from "@/features/stations";
import { isLive, takesCommands, withTime } from "../many";
import { EXTEND_CHOICES } from "../minutes";
import { useMany, type Deed } from "../use-many";
import { ManyDialog } from "./many-dialog";

/** What can be done to the stations that are picked, at once. */
export function ManyBar({ ids, onClose }: { ids: ReadonlySet<string>; onClose: () => void }) {
  const words = useWords("many");
  const { live } = useLink();
  useStore(floor.revision);
  const present = useStationIds() ?? [];
  const [asked, setAsked] = useState<Deed["kind"] | null>(null);
  const many = useMany();
  const entries = present.filter((id) => ids.has(id)).flatMap((id) => floor.entry(id).get() ?? []);
  const fit = fitting(entries);
  const off = (kind: Deed["kind"]) => !live || many.isPending || fit[kind].length === 0;
  const run = (deed: Deed) => {
    const chosen = fit[deed.kind];
    many.mutate({ deed, entries: chosen, leftOut: entries.filter((entry) => !chosen.includes(entry)) });
    setAsked(null);
  };
  const quick = "px-2.5 tabular-nums";
  return (
    <section
      aria-label={words("label")}
      className="selection-bar flex shrink-0 flex-wrap items-center max-md:mt-auto gap-2 border-t border-line bg-zone px-4 py-2 light:bg-surface"
    >
      <p role="status" className="shrink-0 pe-2 font-semibold tabular-nums">
        {words("count", { count: entries.length })}
      </p>
      <Matching count={entries.length} />
      {/* On a phone what can be done stands in a row of its own that scrolls, and the way out beside the count. */}
      <IconButton label={words("clear")} Icon={X} onClick={onClose} className="ms-auto md:order-last md:ms-0" />
      <div className="flex min-w-0 items-center gap-2 max-md:-mx-4 max-md:w-screen max-md:overflow-x-auto max-md:px-4 max-md:[scrollbar-width:none] md:ms-auto md:flex-wrap md:justify-end">
        {!live && <p className="shrink-0 text-ink-3">{words("notLive")}</p>}
        {EXTEND_CHOICES.map((minutes) => (
          <Button
            key={minutes}
            className={quick}
            aria-label={words("add", { minutes, count: fit.extend.length })}
            disabled={off("extend")}
            onClick={() => run({ kind: "extend", minutes })}
          >
            <span dir="ltr">+{minutes}</span>
          </Button>
        ))}
        <Button disabled={off("extend")} onClick={() => setAsked("extend")}>
          <Plus size={14} aria-hidden />
          {words("other")}
        </Button>
        <Button disabled={off("compensate")} onClick={() => setAsked("compensate")}>
          <Undo2 size={14} className="rtl:-scale-x-100" aria-hidden />
          {words("giveBack")}
        </Button>
        <Button disabled={off("message")} onClick={() => setAsked("message")}>
          <MessageSquare size={14} aria-hidden />
          {words("message")}
        </Button>
        <Button disabled={off("lock")} onClick={() => setAsked("lock")}>
          <Lock size={14} aria-hidden />
          {words("lock")}
        </Button>
        <Button variant="danger-quiet" disabled={off("end")} onClick={() => setAsked("end")}>
          <Square size={14} aria-hidden />
          {words("end")}
        </Button>
      </div>
      {asked !== null && (
        <ManyDialog
          kind={asked}
          entries={fit[asked]}
          leftOut={entries.filter((entry) => !fit[asked].includes(entry))}
          onClose={() => setAsked(null)}
          onRun={run}
        />
      )}
    </section>
  );
}

/** Picks everything that is looked for, or everything there is. */
function Matching({ count }: { count: number }) {
  const words = useWords("many");
  const ids = useMatchingStations();
  const total = useStationIds()?.length ?? 0;
  if (ids.length === 0 || ids.length === count) return null;
  return (
    <Button onClick={() => pickOnly(ids)}>
      {words(ids.length === total ? "selectAll" : "selectMatching", { count: ids.length })}
    </Button>
  );
}

function fitting(entries: readonly Entry[]): Record<Deed["kind"], Entry[]> {
  const now = clock.second();
  const live = entries.filter(isLive);
  const reached = entries.filter(takesCommands);
  return {
    extend: withTime(entries, ({ session }) => session !== null && graceLeft(session, now) !== null),
    end: live,
    compensate: live,
    message: reached,
    lock: reached,
  };
}
