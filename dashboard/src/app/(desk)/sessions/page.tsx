"use client";

import { Suspense } from "react";
import { SessionEvents } from "@/features/events";
import { SessionHistory } from "@/features/sessions";

/** Every session there was. */
export default function SessionsPage() {
  return (
    <Suspense>
      <SessionHistory events={(id) => <SessionEvents sessionId={id} />} />
    </Suspense>
  );
}
