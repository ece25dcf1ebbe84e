import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { useKeyedAction } from "@/lib/action";
import { answerOf, api, newKey, type Venue, type Zone } from "@/lib/api";
import type { components } from "@/lib/api/schema";
import { numerals, numeralsOf, useLanguage } from "@/lib/i18n";
import { useFreshOn } from "@/lib/live";
import { venueTime, type VenueTime } from "@/lib/time";

const keys = { venue: ["venues", "this"] as const, zones: ["venues", "zones"] as const };

/** The venue and its limits; undefined until it is known. */
export function useVenue(): Venue | undefined {
  return useQuery({ queryKey: keys.venue, queryFn: () => answerOf(api.GET("/api/v1/venue")), staleTime: 300_000 }).data;
}

/** Times of day on the venue's clock, in the dashboard's language; on this browser's until the venue is known. */
export function useVenueTime(): VenueTime {
  const { time_zone: zone, locale } = useVenue() ?? {};
  const [language] = useLanguage();
  return useMemo(() => venueTime(zone, locale, language), [zone, locale, language]);
}

/** Writes every figure in the digits of the venue's locale. */
export function useVenueNumerals(): void {
  const locale = useVenue()?.locale;
  useEffect(() => {
    if (locale !== undefined) numerals.set(numeralsOf(locale));
  }, [locale]);
}

/** The venue's zones with their places on the plan; undefined while they are being fetched. */
export function useZones(): readonly Zone[] | undefined {
  const query = useQuery({ queryKey: keys.zones, queryFn: allZones, staleTime: 300_000 });
  return query.isError ? NO_ZONES : query.data;
}

/** Keeps the venue and its zones as they are on the server, for as long as the live connection is there. */
export function useVenueNews(): void {
  useFreshOn(isOfVenue, keys.venue);
  useFreshOn(isOfZones, keys.zones);
}

const isOfVenue = (eventType: string): boolean => eventType.startsWith("VENUE_");
const isOfZones = (eventType: string): boolean => eventType.startsWith("ZONE_");

const NO_ZONES: readonly Zone[] = [];

async function allZones(): Promise<Zone[]> {
  const zones: Zone[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await answerOf(
      api.GET("/api/v1/zones", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } }),
    );
    zones.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return zones;
}

type Schemas = components["schemas"];

/** Adds a zone. */
export function useCreateZone() {
  const refresh = useRefresh(keys.zones);
  return useKeyedAction<Schemas["ZoneCreate"], Zone>(
    (body, headers) => answerOf(api.POST("/api/v1/zones", { body, headers })),
    { onSuccess: refresh },
  );
}

/** Changes a zone's name or its place in the order. */
export function useChangeZone() {
  const refresh = useRefresh(keys.zones);
  return useKeyedAction<Schemas["ZonePatch"] & { id: string }, Zone>(
    ({ id, ...body }, headers) =>
      answerOf(api.PATCH("/api/v1/zones/{zone_id}", { params: { path: { zone_id: id } }, body, headers })),
    { onSuccess: refresh },
  );
}

/** Places and sizes a zone on the plan; null takes it off. */
export function usePlaceZone(): (id: string, position: Zone["position"]) => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    async (zone_id, position) => {
      const headers = { "Idempotency-Key": newKey() };
      const params = { path: { zone_id } };
      const zone = await answerOf(api.PATCH("/api/v1/zones/{zone_id}", { params, body: { position }, headers }));
      queries.setQueryData<Zone[]>(keys.zones, (zones) => zones?.map((one) => (one.id === zone_id ? zone : one)));
    },
    [queries],
  );
}

/** Takes a zone without stations off the floor. */
export function useRetireZone(zone_id: string) {
  const refresh = useRefresh(keys.zones);
  return useKeyedAction<null, unknown>(
    (_none, headers) => answerOf(api.DELETE("/api/v1/zones/{zone_id}", { params: { path: { zone_id } }, headers })),
    { onSuccess: refresh },
  );
}

function useRefresh(queryKey: readonly string[]): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey });
}

/** Changes the venue's settings. */
export function useChangeVenue() {
  const queries = useQueryClient();
  return useKeyedAction<Schemas["VenuePatch"], Venue>(
    (body, headers) => answerOf(api.PATCH("/api/v1/venue", { body, headers })),
    {
      onSuccess: (venue) => queries.setQueryData(keys.venue, venue),
      onError: () => void queries.invalidateQueries({ queryKey: keys.venue }),
    },
  );
}
