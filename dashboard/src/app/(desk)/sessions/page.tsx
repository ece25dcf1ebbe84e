"use client";

import { Suspense } from "react";
import { SessionHistory } from "@/features/sessions";

/** Every session there was. */
export default function SessionsPage() {
  return (
    <Suspense>
      <SessionHistory events={() => null} />
    </Suspense>
  );
}
