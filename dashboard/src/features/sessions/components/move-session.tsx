"use client";

import { ArrowLeftRight } from "lucide-react";
import { Dialog } from "radix-ui";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import type { Session, Station } from "@/lib/api";
import { useLink } from "@/lib/live";
import { MoveForm } from "./move-form";

/** Takes a session to another station that one chooses from the free ones. */
export function MoveSession({
  station,
  session,
  onMoved,
}: {
  station: Station;
  session: Session;
  onMoved: (stationId: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const { live } = useLink();
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <Button ref={trigger} disabled={!live} className="h-10 px-2 max-md:h-12">
          <ArrowLeftRight size={14} aria-hidden />
          Move
        </Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-50 bg-[rgb(0_0_0/55%)]" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            // After a move the button is gone with its panel: go on in the panel of the other station.
            if (trigger.current?.isConnected) return;
            event.preventDefault();
            document.querySelector<HTMLElement>("[role=dialog]")?.focus();
          }}
          className="appear fixed start-1/2 top-1/2 z-50 flex max-h-[calc(100dvh-32px)] w-[440px] max-w-[calc(100vw-32px)] -translate-1/2 flex-col rounded-[14px] border border-line bg-zone p-6 shadow-dialog outline-none light:bg-surface"
        >
          <Dialog.Title className="text-[18px]/6 font-semibold">
            Move <bdi>{session.user_name ?? "the guest"}</bdi> from {station.name}
          </Dialog.Title>
          <MoveForm
            station={station}
            session={session}
            onDone={(target) => {
              setOpen(false);
              onMoved(target);
            }}
            onCancel={() => setOpen(false)}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
