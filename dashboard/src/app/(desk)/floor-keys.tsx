"use client";

import { useDeskKeys } from "@/features/sessions";

/** The floor's keys. They read the chosen station from the address. */
export function FloorKeys() {
  useDeskKeys();
  return null;
}
