import type { ReactNode } from "react";

/** What is known of one thing, as names with values. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(88px,auto)_1fr] gap-x-4 gap-y-2">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

/** A part of a panel under its heading. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="not-first:mt-6">
      <div className="mb-2 flex items-baseline gap-3 border-b border-line pb-2">
        <h3 className="text-[12px]/4 font-semibold text-ink-2">{title}</h3>
        {aside && <span className="ms-auto text-[12px]/4 text-ink-3">{aside}</span>}
      </div>
      {children}
    </section>
  );
}
