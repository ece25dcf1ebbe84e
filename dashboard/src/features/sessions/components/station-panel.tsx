"use client";

import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { IconButton } from "@/components/ui/icon-button";
import { useMediaQuery } from "@/lib/media";
import { useEntry, useStationIds } from "@/lib/live";
import { useSelection } from "@/features/stations";
import { PanelHeader } from "./panel-header";
import { PanelBody } from "./panel-body";

/** The chosen station: beside the plan, over it on narrower screens, and a sheet from below on a phone. */
export function StationPanel() {
  const [selected, select] = useSelection();
  const ids = useStationIds();
  if (selected === null || ids === null || !ids.includes(selected)) return null;
  return <OpenPanel id={selected} onSelect={select} onClose={() => select(null)} />;
}

interface OpenPanelProps {
  id: string;
  onSelect: (id: string) => void;
  onClose: () => void;
}

function OpenPanel({ id, onSelect, onClose }: OpenPanelProps) {
  const phone = useMediaQuery("(max-width: 767px)");
  const entry = useEntry(id);
  if (!entry) return null;
  const name = entry.station.name;

  const content = (
    <Dialog.Content
      aria-describedby={undefined}
      // Beside the plan, other tiles are pressed to go on to them; on a phone there is only the scrim.
      onInteractOutside={(event) => !phone && event.preventDefault()}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
      }}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>(`[data-station-id="${CSS.escape(id)}"]`)?.focus();
      }}
      className={
        phone
          ? "sheet fixed inset-x-0 bottom-0 z-40 flex max-h-[92dvh] flex-col rounded-t-[16px] border-t border-line bg-zone outline-none light:bg-surface"
          : "panel-appear flex w-[424px] shrink-0 flex-col border-s border-line bg-zone outline-none max-xl:absolute max-xl:inset-y-0 max-xl:end-0 max-xl:z-30 max-xl:shadow-panel light:bg-surface"
      }
    >
      {phone && <div aria-hidden className="mx-auto mt-2 h-1 w-8 shrink-0 rounded-full bg-line-strong" />}
      <div className="flex shrink-0 items-center gap-3 border-b border-line px-4 py-3.5">
        <PanelHeader
          entry={entry}
          title={<Dialog.Title className="truncate text-[16px]/6 font-semibold">{name}</Dialog.Title>}
        />
        <Dialog.Close asChild>
          <IconButton label="Close" Icon={X} />
        </Dialog.Close>
      </div>
      <PanelBody key={id} entry={entry} onMoved={onSelect} />
    </Dialog.Content>
  );

  return (
    <Dialog.Root open modal={phone} onOpenChange={(open) => !open && onClose()}>
      {phone ? (
        <Dialog.Portal>
          <Dialog.Overlay className="appear fixed inset-0 z-40 bg-[rgb(0_0_0/60%)]" />
          {content}
        </Dialog.Portal>
      ) : (
        content
      )}
    </Dialog.Root>
  );
}
