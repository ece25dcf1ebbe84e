"use client";

import { Awaited } from "@/components/ui/awaited";
import type { Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useLink } from "@/lib/live";
import { useMetrics } from "../queries";
import { Sparkline } from "./sparkline";

const measured = ["cpu", "memory", "disk"] as const;

/** How the PC is doing: processor, memory and disk, as it tells while it is connected. */
export function PcMetrics({ station }: { station: Station }) {
  const words = useWords("sessions");
  const { live } = useLink();
  const wanted = station.driver === "agent" && station.connected && live;
  const asked = useMetrics(station.id, wanted);
  const samples = asked.data;
  const newest = samples?.at(-1);
  if (!wanted) return null;
  if (samples === undefined) return <Awaited asked={asked} failed={words("pc.metricsFailed")} lines={1} />;
  if (newest === undefined) return <p className="py-2 text-ink-3">{words("pc.noMetrics")}</p>;
  return (
    <dl className="mt-3 grid grid-cols-3 gap-2">
      {measured.map((name) => {
        const values = samples.flatMap((sample) => sample[`${name}_percent`] ?? []);
        const now = newest[`${name}_percent`];
        return (
          <div key={name} className="min-w-0 rounded-[8px] bg-raised px-2.5 py-2">
            <dt className="truncate text-[12px]/4 text-ink-3">{words(`pc.${name}`)}</dt>
            <dd className="flex items-center justify-between gap-1 font-semibold tabular-nums">
              {now === null ? words("pc.unknown") : words("pc.percent", { value: Math.round(now) })}
              <Sparkline values={values} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
