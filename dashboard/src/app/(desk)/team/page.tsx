"use client";

import { Suspense } from "react";
import { TeamPage } from "@/features/staff";
import { useVenueTime } from "@/features/venues";

/** Who may sign in, and in which role. */
export default function Team() {
  const { date } = useVenueTime();
  return (
    <Suspense>
      <TeamPage date={date} />
    </Suspense>
  );
}
