import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface Column {
  /** What the column holds; read out even where `hidden` keeps it from being shown. */
  name: string;
  hidden?: boolean;
  /** Figures stand at the end. */
  end?: boolean;
  /** Its width, or from which width of the page on it is there. Cells that go with it carry the same. */
  className?: string;
}

/** A table on a card. Its rows are `Row`s of `Cell`s, or `SkeletonRows` while they are being fetched. */
export function Table({
  caption,
  columns,
  busy = false,
  className,
  children,
}: {
  caption: string;
  columns: readonly Column[];
  busy?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={cn("overflow-x-auto rounded-[12px] border border-line bg-zone light:bg-surface", className)}>
      <table aria-busy={busy || undefined} className="w-full border-separate border-spacing-0">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, hidden, end, className: its }) => (
              <th
                key={name}
                scope="col"
                className={cn(
                  "h-10 px-3 text-start text-[12px]/4 font-normal whitespace-nowrap text-ink-3 first:ps-4 last:pe-4",
                  end && "text-end",
                  its,
                )}
              >
                {hidden ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A row. With a `RowButton` or `RowLink` in one of its cells all of it can be pressed. */
export function Row({ selected = false, className, ...rest }: ComponentProps<"tr"> & { selected?: boolean }) {
  return (
    <tr
      data-selected={selected || undefined}
      className={cn(
        "relative has-[[data-opens-row]]:hover:bg-raised",
        selected && "bg-accent-soft has-[[data-opens-row]]:hover:bg-accent-soft",
        className,
      )}
      {...rest}
    />
  );
}

export function Cell({ end = false, className, ...rest }: ComponentProps<"td"> & { end?: boolean }) {
  return (
    <td
      className={cn(
        "h-11 border-t border-line px-3 py-1.5 first:ps-4 last:pe-4",
        end && "text-end tabular-nums",
        className,
      )}
      {...rest}
    />
  );
}

const covering =
  "text-start outline-none after:absolute after:inset-0 after:rounded-[6px] focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus";

/** What a row says first, as the button that opens it; it takes presses anywhere on its row. */
export function RowButton({ current = false, className, ...rest }: ComponentProps<"button"> & { current?: boolean }) {
  return (
    <button
      type="button"
      data-opens-row
      aria-current={current || undefined}
      className={cn(covering, className)}
      {...rest}
    />
  );
}

const widths = ["70%", "45%", "60%", "52%", "38%"];

/** Rows that are still being fetched, of the height that they will have. They don't move. */
export function SkeletonRows({ rows = 8, columns }: { rows?: number; columns: readonly Column[] }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={row} aria-hidden>
      {columns.map(({ name, end, className }, column) => (
        <Cell key={name} className={className}>
          <Bone width={widths[(row + column) % widths.length]} className={end ? "ms-auto" : undefined} />
        </Cell>
      ))}
    </tr>
  ));
}

/** The place of a text that isn't there yet. */
export function Bone({ width = "100%", className }: { width?: string | undefined; className?: string | undefined }) {
  return <span aria-hidden style={{ width }} className={cn("block h-3 rounded-[4px] bg-raised", className)} />;
}
