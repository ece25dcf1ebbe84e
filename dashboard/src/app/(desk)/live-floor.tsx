"use client";

import { useEffect } from "react";
import { useEndingSounds, useServerNotices } from "@/features/sessions";
import { useMeNews } from "@/features/staff";
import { useVenueNews, useVenueNumerals } from "@/features/venues";
import { startLive } from "@/lib/live";

/** Follows the floor as long as somebody is signed in. */
export function LiveFloor() {
  useEffect(startLive, []);
  useVenueNews();
  useVenueNumerals();
  useMeNews();
  useServerNotices();
  useEndingSounds();
  return null;
}
