import type { LucideIcon } from "lucide-react";
import { useId } from "react";
import { cn } from "@/lib/cn";

export interface Segment<T extends string> {
  value: T;
  label: string;
  Icon?: LucideIcon;
}

/** A few views or ways of which exactly one is chosen, side by side. `compact`: icons only where the page is narrow. */
export function Segmented<T extends string>({
  label,
  segments,
  value,
  onChange,
  compact = false,
  className,
}: {
  label: string;
  segments: readonly Segment<T>[];
  value: T;
  onChange: (value: T) => void;
  compact?: boolean;
  className?: string;
}) {
  const group = useId();
  return (
    <div role="radiogroup" aria-label={label} className={cn("flex shrink-0 rounded-[7px] bg-raised p-0.5", className)}>
      {segments.map(({ value: own, label: name, Icon }) => (
        <label
          key={own}
          title={compact ? name : undefined}
          className={cn(
            "flex h-7 cursor-pointer items-center gap-1.5 rounded-[6px] px-2.5 whitespace-nowrap text-ink-2 hover:text-ink max-md:h-10",
            "has-checked:bg-surface has-checked:font-semibold has-checked:text-ink has-checked:shadow-[0_0_0_1px_var(--line)]",
            "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus",
          )}
        >
          <input type="radio" className="sr-only" name={group} checked={own === value} onChange={() => onChange(own)} />
          {Icon && <Icon size={15} aria-hidden />}
          <span className={compact ? "max-xl:sr-only" : undefined}>{name}</span>
        </label>
      ))}
    </div>
  );
}
