"use client";

import { Suspense } from "react";
import { ActivityPage } from "@/features/events";

/** What happened, live. */
export default function Activity() {
  return (
    <Suspense>
      <ActivityPage />
    </Suspense>
  );
}
