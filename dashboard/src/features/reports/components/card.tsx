"use client";

import { ChartColumn, Table2 } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { IconButton } from "@/components/ui/icon-button";
import type { Sheet } from "../sheet";

/** A chart with its name, and the same figures as a table behind a button. */
export function Card({
  sheet,
  aside,
  className,
  children,
}: {
  sheet: Sheet;
  /** Beside the name: what the colours stand for. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const words = useWords("reports");
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cn("flex min-w-0 flex-col rounded-[12px] border border-line bg-zone p-4 light:bg-surface", className)}
    >
      <div className="mb-3 flex items-start gap-3">
        <div className="flex min-h-6 min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          <h2 id={id} className="text-[14px]/[18px] font-semibold">
            {sheet.title}
          </h2>
          {aside && <div className="text-[12px]/4 text-ink-3 tabular-nums">{aside}</div>}
        </div>
        <IconButton
          label={words(asTable ? "asChart" : "asTable", { name: sheet.title })}
          Icon={asTable ? ChartColumn : Table2}
          onClick={() => setAsTable(!asTable)}
          className="-m-1"
        />
      </div>
      {asTable ? <SheetTable sheet={sheet} /> : children}
    </section>
  );
}

/** What a colour or a line stands for: the time that is looked at, and the one that it is compared with. */
export function Legend({ now, before, line = false }: { now: string; before: string; line?: boolean }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="flex items-center gap-1.5">
        {line ? (
          <span aria-hidden className="w-4 border-t-2 border-dashed border-ink-3" />
        ) : (
          <span aria-hidden className="size-2.5 rounded-[2px] bg-line-strong" />
        )}
        <bdi>{before}</bdi>
      </span>
      <span className="flex items-center gap-1.5">
        <span aria-hidden className="size-2.5 rounded-[2px] bg-accent-text" />
        <bdi>{now}</bdi>
      </span>
    </span>
  );
}

function SheetTable({ sheet }: { sheet: Sheet }) {
  return (
    <div className="relative min-h-0 flex-1 overflow-auto" tabIndex={0} role="group" aria-label={sheet.title}>
      <table className="w-full text-[12px]/4">
        <caption className="sr-only">{sheet.title}</caption>
        <thead>
          <tr>
            {sheet.head.map((name, column) => (
              <th
                key={column}
                scope="col"
                className={cn(
                  "px-2 py-1.5 font-normal whitespace-nowrap text-ink-3",
                  column === 0 ? "text-start" : "text-end",
                )}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sheet.rows.map(([first, ...rest], row) => (
            <tr key={row}>
              <th scope="row" className="border-t border-line px-2 py-1.5 text-start font-semibold whitespace-nowrap">
                <bdi>{text(first)}</bdi>
              </th>
              {rest.map((cell, column) => (
                <td key={column} className="border-t border-line px-2 py-1.5 text-end whitespace-nowrap tabular-nums">
                  {text(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function text(cell: Sheet["rows"][number][number] | undefined): string {
  return typeof cell === "object" ? cell.shown : (cell ?? "");
}
