"use client";

import { useEffect } from "react";
import { startLive } from "@/lib/live";

/** Follows the floor as long as somebody is signed in. */
export function LiveFloor() {
  useEffect(startLive, []);
  return null;
}
