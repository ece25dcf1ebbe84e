import { useId, type ReactNode } from "react";
import { cn } from "@/lib/cn";

/** A labelled checkbox. */
export function Checkbox({
  checked,
  onChange,
  children,
  className,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <div className={cn("flex items-center gap-2.5", className)}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-[18px] shrink-0 accent-accent max-md:size-6"
      />
      <label htmlFor={id} className="min-w-0 py-1 font-medium">
        {children}
      </label>
    </div>
  );
}
