import type { Identity } from "@/lib/api";

/** From the one who only reads to the one who owns the venue. */
export type Role = Identity["role"];
