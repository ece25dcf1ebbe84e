import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const variants = {
  primary: "bg-accent text-on-accent hover:not-disabled:bg-accent-hover font-semibold",
  quiet: "bg-raised text-ink hover:not-disabled:brightness-110 light:hover:not-disabled:brightness-97 font-medium",
  danger: "bg-last-solid text-on-last hover:not-disabled:brightness-110 font-semibold",
  "danger-quiet":
    "bg-raised text-last hover:not-disabled:brightness-110 light:hover:not-disabled:brightness-97 font-semibold",
};

const sizes = {
  normal: "h-8 px-3 max-md:h-11",
  main: "h-11 px-4 text-[14px]/5",
};

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  /** Shows that the action is under way. The label stays, so that nothing jumps. */
  busy?: boolean;
}

export function Button({
  variant = "quiet",
  size = "normal",
  busy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      className={cn(
        "inline-flex items-center justify-center gap-2 rounded-[7px] whitespace-nowrap transition-[background-color,filter,opacity] duration-[80ms]",
        "disabled:opacity-45",
        variants[variant],
        sizes[size],
        className,
      )}
      {...rest}
    >
      {busy && <LoaderCircle size={16} className="animate-spin motion-reduce:animate-none" aria-hidden />}
      {children}
    </button>
  );
}
