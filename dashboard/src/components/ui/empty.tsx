import { TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useWords } from "@/lib/i18n";
import { cn } from "@/lib/cn";
import { Button } from "./button";

/** Where a list would stand: why there is nothing, and what to do. */
export function EmptyState({
  Icon,
  title,
  children,
  action,
  className,
}: {
  Icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("grid justify-items-center gap-2 px-4 py-16 text-center", className)}>
      <span className="mb-1 grid size-11 place-items-center rounded-[12px] bg-raised text-ink-2">
        <Icon size={20} aria-hidden />
      </span>
      <h2 className="text-[14px]/[18px] font-semibold">{title}</h2>
      {children && <div className="max-w-[420px] text-pretty text-ink-2">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

/** Where a list would stand when it couldn't be fetched: why, and the way to try again. */
export function FailedState({
  title,
  why,
  onRetry,
  busy = false,
}: {
  title: string;
  why: string;
  onRetry: () => void;
  busy?: boolean;
}) {
  const words = useWords("common");
  return (
    <div role="alert">
      <EmptyState
        Icon={TriangleAlert}
        title={title}
        action={
          <Button onClick={onRetry} busy={busy}>
            {words("tryAgain")}
          </Button>
        }
      >
        {why}
      </EmptyState>
    </div>
  );
}
