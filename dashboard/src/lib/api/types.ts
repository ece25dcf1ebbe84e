import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["SessionOut"];
export type Staff = Schemas["StaffOut"];
export type Station = Schemas["StationOut"];
export type Venue = Schemas["VenueOut"];
