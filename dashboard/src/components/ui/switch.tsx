import { Switch as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface SwitchProps {
  label: string;
  /** What it does. */
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
}

/** Something that is on or off, and takes effect when it is switched or when its form is saved. */
export function Switch({ label, hint, checked, onChange, disabled, className }: SwitchProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start justify-between gap-4", className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="block py-1 font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-[12px]/4 text-pretty text-ink-3">
            {hint}
          </p>
        )}
      </div>
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 h-6 w-10 shrink-0 rounded-full border border-line-strong bg-track transition-colors duration-[80ms] disabled:opacity-45 data-[state=checked]:border-accent data-[state=checked]:bg-accent max-md:h-8 max-md:w-14"
      >
        <Radix.Thumb className="absolute top-1/2 block size-[18px] -translate-y-1/2 rounded-full bg-surface transition-[inset-inline-start] duration-[80ms] data-[state=checked]:start-[18px] data-[state=checked]:bg-on-accent data-[state=unchecked]:start-0.5 data-[state=unchecked]:bg-ink-2 max-md:size-6 max-md:data-[state=checked]:start-[27px]" />
      </Radix.Root>
    </div>
  );
}
