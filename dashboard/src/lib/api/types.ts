import type { components } from "./schema";

type Schemas = components["schemas"];

/** What shouldn't have happened, for a time or at a moment. */
export type Anomaly = Schemas["Anomaly"];
export type AccessToken = Schemas["AccessToken"];
/** An event of the log, as the live connection tells it. */
export type FloorEvent = Schemas["EventOut"];
/** A stretch of a session in which nobody played. */
export type Gap = Schemas["GapOut"];
export type Grant = Schemas["GrantOut"];
export type Identity = Schemas["Identity"];
export type Session = Schemas["SessionOut"];
export type Station = Schemas["StationOut"];
export type Venue = Schemas["VenueOut"];
export type Zone = Schemas["ZoneOut"];
