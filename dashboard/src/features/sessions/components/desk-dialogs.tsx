"use client";

import { asDialog, later } from "@/components/ui/later";
import { stopAsking, useAsked } from "../asked";

const Asking = later(async () => (await import("./asking")).Asking, asDialog);

/** What somebody is asked before it is done, wherever they asked for it: at the panel, by a key, in the palette. */
export function DeskDialogs() {
  const asked = useAsked();
  return asked && <Asking key={`${asked.what} ${asked.station}`} asked={asked} onClose={stopAsking} />;
}
