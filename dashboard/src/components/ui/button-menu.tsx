"use client";

import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import type { MenuOfButton } from "./menu-button";
import { StandIn } from "./stand-in";

/** The menu of a `MenuButton`. Not in a portal: what stands outside of the page's landmarks is hard to find by ear. */
export function ButtonMenu({
  open,
  onClose,
  named,
  button,
  align,
  className,
  children,
}: MenuOfButton & { align: "start" | "end"; className?: string; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={(next) => !next && onClose()}>
      <DropdownMenu.Trigger asChild>
        <StandIn button={button} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        aria-labelledby={named}
        align={align}
        sideOffset={8}
        collisionPadding={8}
        onInteractOutside={(event) => {
          // The button closes its menu by itself.
          if (event.target instanceof Node && button.current?.contains(event.target)) event.preventDefault();
        }}
        className={cn("z-50 rounded-[12px] border border-line bg-zone p-1.5 shadow-panel light:bg-surface", className)}
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
