import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

const tones = {
  wait: { box: "bg-wait-soft text-ink", mark: "text-wait", Icon: Info },
  soon: { box: "bg-soon-soft text-ink", mark: "text-soon", Icon: TriangleAlert },
  last: { box: "bg-last-soft text-ink", mark: "text-last", Icon: CircleAlert },
};

export interface NoticeProps {
  tone: keyof typeof tones;
  /** `alert` is read out at once, `status` when there is a pause. */
  role: "alert" | "status" | "note";
  children: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** A sentence or two that say what happened and what to do. */
export function Notice({ tone, role, children, action, className }: NoticeProps) {
  const { box, mark, Icon } = tones[tone];
  return (
    <div role={role} className={cn("appear flex items-start gap-2.5 rounded-[8px] px-3 py-2.5", box, className)}>
      <Icon size={16} className={cn("mt-px shrink-0", mark)} aria-hidden />
      <div className="min-w-0 flex-1 text-pretty">{children}</div>
      {action}
    </div>
  );
}
