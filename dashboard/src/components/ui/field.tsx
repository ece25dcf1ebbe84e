import { useId, type ComponentProps, type ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface FieldProps extends ComponentProps<"input"> {
  label: string;
  /** Beside the label, such as "optional". It doesn't join the field's name. */
  aside?: ReactNode;
  /** What is wrong with the value, in words. */
  problem?: string | null;
}

/** A labelled text field. On phones its text is 16 px, so that browsers don't zoom in. */
export function Field({ label, aside, problem, className, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div>
      <div className="mb-1.5 flex items-baseline gap-2 text-[12px]/4">
        <label htmlFor={id} className="font-semibold text-ink-2">
          {label}
        </label>
        {aside && <span className="text-ink-3">{aside}</span>}
      </div>
      <input
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        className={cn(
          "h-10 w-full rounded-[7px] border border-line-strong bg-surface px-3 text-[14px]/5 text-ink max-md:h-12 max-md:text-[16px]",
          "focus:border-focus focus:outline-2 focus:-outline-offset-1 focus:outline-focus",
          problem && "border-last",
          className,
        )}
        {...rest}
      />
      {problem && (
        <p id={`${id}-problem`} className="mt-1.5 text-last">
          {problem}
        </p>
      )}
    </div>
  );
}
