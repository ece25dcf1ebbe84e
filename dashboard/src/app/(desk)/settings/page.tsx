"use client";

import { Suspense } from "react";
import { SettingsPage } from "@/features/venues";

/** The venue's settings, and how the server is. */
export default function Settings() {
  return (
    <Suspense>
      <SettingsPage />
    </Suspense>
  );
}
