"use client";

import { ChevronDown, ChevronUp, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { useWords } from "@/lib/i18n";
import { useMediaQuery } from "@/lib/media";
import { useEntry, useStationIds } from "@/lib/live";
import { useStep } from "../use-step";
import type { OnMoved } from "./move-form";
import { PanelHeader } from "./panel-header";
import { PanelBody } from "./panel-body";

export interface OpenPanelProps {
  id: string;
  onSelect: OnMoved;
  onClose: () => void;
}

/** A station's panel: beside the plan, over it on narrower screens, and a sheet from below on a phone. */
export function OpenPanel({ id, onSelect, onClose }: OpenPanelProps) {
  const phone = useMediaQuery("(max-width: 767px)");
  const entry = useEntry(id);
  const words = useWords("common");
  const [panel, setPanel] = useState<HTMLElement | null>(null);
  useEffect(() => (phone && panel ? isolate(panel) : undefined), [phone, panel]);
  if (!entry) return null;
  const name = entry.station.name;

  const content = (
    <Dialog.Content
      ref={setPanel}
      aria-describedby={undefined}
      aria-modal={phone || undefined}
      // Beside the plan, other tiles are pressed to go on to them; on a phone there is only the scrim.
      onInteractOutside={(event) => event.preventDefault()}
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
      }}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        const tiles = document.querySelectorAll<HTMLElement>("[data-station-id]");
        [...tiles].find((tile) => tile.dataset.stationId === id)?.focus();
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
        <div className="flex shrink-0">
          <Neighbours id={id} />
          <Dialog.Close asChild>
            <IconButton label={words("close")} Icon={X} />
          </Dialog.Close>
        </div>
      </div>
      <PanelBody key={id} entry={entry} onMoved={onSelect} />
    </Dialog.Content>
  );

  // One and the same panel at every width, so that a window that changes its size loses nothing that was typed or asked.
  return (
    <Dialog.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      {phone && <div data-scrim className="appear fixed inset-0 z-40 bg-[rgb(0_0_0/60%)]" onClick={onClose} />}
      {content}
    </Dialog.Root>
  );
}

/** On to the station before, and after. */
function Neighbours({ id }: { id: string }) {
  const words = useWords("sessions");
  const step = useStep();
  const several = (useStationIds()?.length ?? 0) > 1;
  if (!several) return null;
  return (
    <>
      <IconButton label={words("panel.before")} Icon={ChevronUp} aria-keyshortcuts="[" onClick={() => step(id, -1)} />
      <IconButton label={words("panel.after")} Icon={ChevronDown} aria-keyshortcuts="]" onClick={() => step(id, 1)} />
    </>
  );
}

/** Nothing else of the desk can be reached, by finger, keyboard or screen reader, until the returned function is called. */
function isolate(panel: HTMLElement): () => void {
  const desk = panel.closest("[data-desk]");
  const others: HTMLElement[] = [];
  for (let here = panel; desk && here !== desk && here.parentElement; here = here.parentElement) {
    for (const other of here.parentElement.children) {
      if (other === here || !(other instanceof HTMLElement) || other.inert || "scrim" in other.dataset) continue;
      other.inert = true;
      others.push(other);
    }
  }
  return () => others.forEach((other) => (other.inert = false));
}
