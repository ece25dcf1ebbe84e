"use client";

import { useEffect } from "react";
import { useMeNews } from "@/features/staff";
import { useVenueNews } from "@/features/venues";
import { startLive } from "@/lib/live";

/** Follows the floor as long as somebody is signed in. */
export function LiveFloor() {
  useEffect(startLive, []);
  useVenueNews();
  useMeNews();
  return null;
}
