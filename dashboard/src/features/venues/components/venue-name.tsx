"use client";

import { useVenue } from "../queries";

/** The venue's name, with its place kept until it is known. */
export function VenueName() {
  const venue = useVenue();
  return <span className="block truncate text-ink">{venue?.name ?? "\u00a0"}</span>;
}
