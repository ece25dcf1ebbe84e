"use client";

import { Check, CircleCheck, CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Station } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { PcFacts } from "./pc-facts";

/** What the agent reported as it connected. */
export function EnrolmentCheck({ station, afterSeconds }: { station: Station; afterSeconds: number }) {
  const words = useWords("places");
  const { name, locked } = station;
  const title = locked === null ? "check.connected" : locked ? "check.locked" : "check.open";
  const ready = station.service === "available" ? "check.ready" : "check.inMaintenance";
  return (
    <>
      <div role="status" className="flex items-center gap-3.5 rounded-[8px] bg-ok-soft px-4 py-3.5">
        <CircleCheck size={26} className="shrink-0 text-ok" aria-hidden />
        <div className="min-w-0">
          <div className="text-[16px]/6 font-semibold">{words(title, { name })}</div>
          <div className="text-pretty text-ink-2">
            {words("check.after", { count: afterSeconds })} {words(ready)}
          </div>
        </div>
      </div>
      <dl className="mt-4">
        <PcFacts
          station={station}
          render={(fact, value, fine) => (
            <CheckRow name={fact} fine={fine}>
              {value}
            </CheckRow>
          )}
        />
        {locked !== null && (
          <CheckRow name={words("column.state")} fine={locked || station.status === "in_session"}>
            {words(locked ? "state.locked" : "state.open")}
          </CheckRow>
        )}
      </dl>
    </>
  );
}

function CheckRow({ name, fine = true, children }: { name: string; fine?: boolean; children: ReactNode }) {
  const Mark = fine ? Check : CircleAlert;
  return (
    <div className="flex items-center gap-3 border-b border-line py-2.5 last:border-0">
      <Mark size={16} className={cn("shrink-0", fine ? "text-ok" : "text-soon")} aria-hidden />
      <dt className="w-[124px] shrink-0 text-ink-3">{name}</dt>
      <dd className="min-w-0 font-semibold wrap-anywhere">{children}</dd>
    </div>
  );
}
