import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** A button that is only an icon; its label is its accessible name and its tooltip. */
export function IconButton({
  label,
  Icon,
  className,
  ...rest
}: { label: string; Icon: LucideIcon } & Omit<ComponentProps<"button">, "children">) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cn(
        "grid size-8 shrink-0 place-items-center rounded-[7px] text-ink-2 hover:bg-raised hover:text-ink max-md:size-11",
        className,
      )}
      {...rest}
    >
      <Icon size={16} aria-hidden />
    </button>
  );
}
