"use client";

import { Suspense } from "react";
import { Analytics } from "@/features/reports";

export default function AnalyticsPage() {
  return (
    <Suspense>
      <Analytics />
    </Suspense>
  );
}
