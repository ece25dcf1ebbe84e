"use client";

import { useEntry } from "@/lib/live";
import type { Asked } from "../asked";
import { CommandDialog } from "./command-dialog";
import { EndDialog } from "./end-dialog";
import { MessageDialog } from "./message-dialog";
import { TimeDialog } from "./time-dialog";

/** The dialog that belongs to what is asked. */
export function Asking({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const entry = useEntry(asked.station);
  if (!entry) return null;
  const { station, session } = entry;
  if (asked.what === "command") {
    return <CommandDialog station={station} session={session} command={asked.command} onClose={onClose} />;
  }
  if (asked.what === "message") return <MessageDialog station={station} session={session} onClose={onClose} />;
  if (session === null) return null;
  if (asked.what === "time") return <TimeDialog session={session} onClose={onClose} />;
  return <EndDialog station={station} session={session} onClose={onClose} />;
}
