"use client";

import { useEntry } from "@/lib/live";
import { stopAsking, useAsked, type Asked } from "../asked";
import { CommandDialog } from "./command-dialog";
import { EndDialog } from "./end-dialog";
import { MessageDialog } from "./message-dialog";
import { TimeDialog } from "./time-dialog";

/** What somebody is asked before it is done, wherever they asked for it: at the panel, by a key, in the palette. */
export function DeskDialogs() {
  const asked = useAsked();
  return asked && <Asking key={`${asked.what} ${asked.station}`} asked={asked} />;
}

function Asking({ asked }: { asked: Asked }) {
  const entry = useEntry(asked.station);
  if (!entry) return null;
  const { station, session } = entry;
  if (asked.what === "command") {
    return <CommandDialog station={station} session={session} command={asked.command} onClose={stopAsking} />;
  }
  if (asked.what === "message") return <MessageDialog station={station} session={session} onClose={stopAsking} />;
  if (session === null) return null;
  if (asked.what === "time") return <TimeDialog session={session} onClose={stopAsking} />;
  return <EndDialog station={station} session={session} onClose={stopAsking} />;
}
