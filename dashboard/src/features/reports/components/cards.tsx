"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useWords } from "@/lib/i18n";
import { FigureCard, type Change } from "@/components/ui/figure-card";
import { useFormats } from "../formats";
import { changesOf, type KeyFigure } from "../key-figures";
import type { Period } from "../period";
import type { Figures } from "../queries";
import type { Sheets } from "../sheets";
import { Bars } from "./bars";
import { Card, Legend } from "./card";
import { HeatMap } from "./heat-map";
import { Line } from "./line";

/** The five figures at the top, each with what it was before. */
export function KeyFigures({ period, now, before }: { period: Period; now: Figures; before: Figures }) {
  const words = useWords("reports");
  const { whole } = useFormats();
  const compared = words(`compared.${period.span}.${period.comparison}` as "compared.day.before");
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(160px,1fr))] gap-3 max-md:grid-cols-2">
      {changesOf(now, before).map((figure) => (
        <KeyFigureCard
          key={figure.name}
          figure={figure}
          compared={compared}
          note={
            figure.name === "lost" && now.anomalies > 0 ? (
              <Link
                href={`/activity/?tab=anomalies&days=${period.days.from}..${period.days.to}`}
                prefetch={false}
                className="text-accent-text hover:underline"
              >
                {words("anomalies", { count: now.anomalies, shown: whole(now.anomalies) })}
              </Link>
            ) : undefined
          }
        />
      ))}
    </dl>
  );
}

function KeyFigureCard({ figure, compared, note }: { figure: KeyFigure; compared: string; note: ReactNode }) {
  const words = useWords("reports");
  const formats = useFormats();
  const shown = (value: number) => (figure.unit === "hours" ? formats.short(value) : formats.whole(value));
  const text = (value: number | null, unit: KeyFigure["unit"] | KeyFigure["changeUnit"]) =>
    value === null ? "–" : words.markup(`units.${unit}`, { value: shown(value), count: value, u: (chunks) => chunks });
  const by = figure.change;
  const change: Change | null =
    by === null || shown(Math.abs(by)) === shown(0)
      ? null
      : {
          up: by > 0,
          better: figure.goodWhen === "none" ? null : by > 0 === (figure.goodWhen === "more"),
          text: text(Math.abs(by), figure.changeUnit),
          spoken: words(by > 0 ? "more" : "less", { by: text(Math.abs(by), figure.changeUnit) }),
        };
  return (
    <FigureCard
      name={words(`figures.${figure.name}`)}
      value={
        figure.now === null
          ? "–"
          : words.rich(`units.${figure.unit}`, {
              value: shown(figure.now),
              count: figure.now,
              u: (chunks) => (
                <span className="text-[16px] leading-none font-normal tracking-normal text-ink-2">{chunks}</span>
              ),
            })
      }
      change={change}
      before={words("was", { value: text(figure.before, figure.unit), when: compared })}
      note={note}
    />
  );
}

export function HoursCard({ sheets: { hours } }: { sheets: Sheets }) {
  const words = useWords("reports");
  return (
    <Card sheet={hours.sheet} aside={words("shareInUse")}>
      <HeatMap caption={`${hours.sheet.title}: ${words("shareInUse")}`} {...hours.data} />
    </Card>
  );
}

export function SessionsCard({ sheets: { sessions } }: { sheets: Sheets }) {
  const words = useWords("reports");
  const pairs = sessions.data.map((pair) => ({ ...pair, now: pair.now ?? 0 }));
  return (
    <Card sheet={sessions.sheet} aside={<Legend now={sessions.now} before={sessions.before} />}>
      <Bars label={words("picture", { name: sessions.sheet.title })} pairs={pairs} />
    </Card>
  );
}

export function LineCard({ sheets: { line, now, before } }: { sheets: Sheets }) {
  const words = useWords("reports");
  return (
    <Card sheet={line.sheet} aside={<Legend now={now} before={before} line />}>
      <Line label={words("picture", { name: line.sheet.title })} points={line.data} />
    </Card>
  );
}
