import { cn } from "@/lib/cn";

/** The keys that do what a button does, beside its word. For the eye alone: the button says them by `aria-keyshortcuts`. */
export function KeyHint({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd aria-hidden dir="ltr" className={cn("shrink-0 font-sans text-[11px]/4 font-normal max-md:hidden", className)}>
      {keys}
    </kbd>
  );
}
