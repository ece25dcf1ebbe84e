import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answerOf, api, type Venue } from "@/lib/api";
import { venueTime, type VenueTime } from "@/lib/time";

const keys = { venue: ["venues", "this"] as const };

/** The venue and its limits; undefined until it is known. */
export function useVenue(): Venue | undefined {
  return useQuery({ queryKey: keys.venue, queryFn: () => answerOf(api.GET("/api/v1/venue")), staleTime: 300_000 }).data;
}

/** Times of day on the venue's clock; on this browser's until the venue is known. */
export function useVenueTime(): VenueTime {
  const venue = useVenue();
  return useMemo(() => venueTime(venue?.time_zone, venue?.locale), [venue?.time_zone, venue?.locale]);
}
