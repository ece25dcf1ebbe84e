"use client";

import { Fragment, type ReactNode } from "react";
import type { Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";

/** What a PC's agent has told of it, a row each, and whether it is as it should be. What it didn't tell has no row. */
export function PcFacts({
  station,
  render,
}: {
  station: Station;
  render: (name: string, value: ReactNode, fine: boolean) => ReactNode;
}) {
  const words = useWords("places");
  if (station.driver !== "agent") return null;
  const { pc, agent_version: version } = station;
  const system = [pc?.os, pc?.cpu, pc?.ram].filter(Boolean);
  const offset = pc?.clock_offset_seconds ?? null;
  const overlay = pc?.capabilities.includes("overlay") ?? false;
  const rows: [name: string, value: ReactNode, fine?: boolean][] = [];
  if (version !== null) rows.push([words("column.agent"), <bdi key="v">{version}</bdi>]);
  if (pc?.hostname) rows.push([words("pc.hostname"), <bdi key="h">{pc.hostname}</bdi>]);
  if (system.length > 0) rows.push([words("column.system"), <bdi key="s">{system.join(", ")}</bdi>]);
  if (offset !== null) rows.push([words("pc.clock"), clockWords(offset, words)]);
  if (pc?.lock_mode === "kiosk" || pc?.lock_mode === "workstation") {
    rows.push([words("pc.lock"), words(`pc.${pc.lock_mode}`)]);
  }
  if (pc && version !== null) {
    rows.push([words("pc.overlay"), words(overlay ? "pc.shown" : "pc.notShown"), overlay]);
  }
  return rows.map(([name, value, fine = true]) => <Fragment key={name}>{render(name, value, fine)}</Fragment>);
}

/** Less than this is as good as nothing, and partly the time that the message took. */
const SAME_SECONDS = 0.1;

function clockWords(offset: number, words: ReturnType<typeof useWords<"places">>): string {
  const seconds = Math.abs(offset);
  if (seconds < SAME_SECONDS) return words("pc.clockSame");
  return words(offset > 0 ? "pc.clockAhead" : "pc.clockBehind", {
    seconds: seconds < 10 ? seconds : Math.round(seconds),
  });
}
