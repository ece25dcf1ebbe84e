"use client";

import { Suspense } from "react";
import { StationsPage } from "@/features/stations";

/** All stations, and looking after them. */
export default function Stations() {
  return (
    <Suspense>
      <StationsPage />
    </Suspense>
  );
}
