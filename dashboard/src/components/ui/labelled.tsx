import { useId, type ReactNode } from "react";

export interface LabelledProps {
  label: string;
  /** Beside the label, such as "optional". It doesn't join the field's name. */
  aside?: ReactNode;
  /** Below the field: what the value does. */
  hint?: ReactNode;
  /** What is wrong with the value, in words. */
  problem?: string | null | undefined;
}

/** What ties a control to its label, hint and problem. */
export interface Tied {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

/** How fields look. On phones their text is 16 px, so that browsers don't zoom in. */
export const control =
  "w-full rounded-[7px] border border-line-strong bg-surface px-3 text-[14px]/5 text-ink max-md:text-[16px] focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus disabled:opacity-45 aria-invalid:border-last";

/** A label above a control, and below it what it does and what is wrong with it. */
export function Labelled({
  label,
  aside,
  hint,
  problem,
  children,
}: LabelledProps & { children: (tied: Tied) => ReactNode }) {
  const id = useId();
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="min-w-0">
      <div className="mb-1.5 flex items-baseline gap-2 text-[12px]/4">
        <label htmlFor={id} className="font-semibold text-ink-2">
          {label}
        </label>
        {aside && <span className="text-ink-3">{aside}</span>}
      </div>
      {children({ id, "aria-invalid": problem ? true : undefined, "aria-describedby": described || undefined })}
      {problem && (
        <p id={`${id}-problem`} className="mt-1.5 text-last">
          {problem}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-[12px]/4 text-pretty text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}
