export { api, openApi } from "./client";
export { credentials, type SignedIn } from "./credentials";
export { newKey } from "./idempotency";
export { useInWords, useQuoted } from "./in-words";
export { Problem, Unreachable } from "./problem";
export { answerOf } from "./send";
export type { Anomaly, FloorEvent, Gap, Grant, Identity, Session, Station, Venue, Zone } from "./types";
export type { components } from "./schema";
