"use client";

import { AlertDialog } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { Button } from "./button";
import { box, desk, feet, scrim, titled } from "./dialog";
import { Notice } from "./notice";

export interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  /** The question, which names what it is about: "End PC-07 now?" */
  title: ReactNode;
  /** What will happen to whom. */
  children: ReactNode;
  /** What the button does: "End session". */
  confirm: string;
  /** What not doing it means: "Keep playing". Cancel if there is nothing better to say. */
  keep?: string;
  /** For what ends or deletes something. */
  danger?: boolean;
  busy?: boolean;
  disabled?: boolean;
  /** Why it was refused, in words. */
  problem?: string | null;
  onConfirm: () => void;
}

/** Asks before something that can't be undone. The way out has the focus. */
export function ConfirmDialog({
  open,
  onClose,
  title,
  children,
  confirm,
  keep,
  danger = false,
  busy = false,
  disabled = false,
  problem = null,
  onConfirm,
}: ConfirmDialogProps) {
  const words = useWords("common");
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal container={desk()}>
        <AlertDialog.Overlay className={scrim} />
        <AlertDialog.Content className={cn(box, "w-[400px]")}>
          <AlertDialog.Title className={titled}>{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-pretty text-ink-2">{children}</div>
          </AlertDialog.Description>
          {problem !== null && (
            <Notice tone="last" role="alert" className="mt-4">
              {problem}
            </Notice>
          )}
          <div className={feet}>
            <AlertDialog.Cancel asChild>
              <Button className="h-9 max-md:h-11">{keep ?? words("cancel")}</Button>
            </AlertDialog.Cancel>
            <Button
              variant={danger ? "danger" : "primary"}
              className="h-9 max-md:h-11"
              busy={busy}
              disabled={disabled}
              onClick={() => {
                if (!busy) onConfirm();
              }}
            >
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
