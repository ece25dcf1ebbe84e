"use client";

import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Read out with the title. */
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons. On a phone they share the width. */
  footer?: ReactNode;
  /** Where the focus goes when the dialog has closed, if not back to where it was. */
  onClosed?: (event: Event) => void;
  className?: string;
}

/** A question or a form over the page, which waits for it. Its content scrolls between title and buttons. */
export function Dialog({ open, onClose, title, description, children, footer, onClosed, className }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal container={desk()}>
        <Radix.Overlay className={scrim} />
        <Radix.Content
          data-modal=""
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          {...(onClosed ? { onCloseAutoFocus: onClosed } : {})}
          className={cn(box, "w-[440px]", className)}
        >
          <Radix.Title className={titled}>{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description asChild>
              <div className="mt-2 text-pretty text-ink-2">{description}</div>
            </Radix.Description>
          )}
          {children !== undefined && <div className="-mx-1 mt-3 -mb-1 min-h-0 overflow-y-auto p-1">{children}</div>}
          {footer !== undefined && <div className={feet}>{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const scrim = "appear fixed inset-0 z-50 bg-[rgb(0_0_0/55%)]";
export const box =
  "appear fixed start-1/2 top-1/2 z-50 flex max-h-[calc(100dvh-32px)] max-w-[calc(100vw-32px)] -translate-1/2 flex-col rounded-[14px] border border-line bg-zone p-6 shadow-dialog outline-none rtl:translate-x-1/2 light:bg-surface";
export const titled = "text-[18px]/6 font-semibold wrap-anywhere";
export const feet =
  "mt-6 flex shrink-0 flex-wrap justify-end gap-2 max-md:grid max-md:auto-cols-fr max-md:grid-flow-col";

/** What floats stands within the desk and not beside it, where screen readers look for it. */
export function desk(): HTMLElement | undefined {
  if (typeof document === "undefined") return undefined;
  return document.querySelector<HTMLElement>("[data-desk]") ?? undefined;
}
