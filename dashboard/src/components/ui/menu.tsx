"use client";

import type { LucideIcon } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export const menuItem =
  "flex min-h-8 w-full cursor-default select-none items-center gap-2.5 rounded-[6px] px-2 py-1 outline-none data-[disabled]:opacity-45 data-[highlighted]:bg-raised max-md:min-h-11";

/** A button's menu. It isn't in a portal: what stands outside of the page's landmarks is hard to find by ear. */
export function Menu({
  trigger,
  align = "end",
  className,
  children,
}: {
  trigger: ReactNode;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Content
        align={align}
        sideOffset={8}
        collisionPadding={8}
        className={cn(
          "z-50 min-w-[208px] rounded-[12px] border border-line bg-zone p-1.5 shadow-panel light:bg-surface",
          className,
        )}
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

export function MenuItem({
  Icon,
  onSelect,
  disabled = false,
  danger = false,
  hint,
  children,
}: {
  Icon: LucideIcon;
  onSelect: () => void;
  disabled?: boolean;
  danger?: boolean;
  /** At its end: a key, or why it can't be chosen. */
  hint?: ReactNode;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Item disabled={disabled} onSelect={onSelect} className={cn(menuItem, danger && "text-last")}>
      <Icon size={15} className={danger ? "text-last" : "text-ink-3"} aria-hidden />
      <span className="min-w-0 flex-1">{children}</span>
      {hint !== undefined && <span className="text-[12px]/4 text-ink-3">{hint}</span>}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-[12px]/4 text-ink-3">{children}</DropdownMenu.Label>;
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />;
}
