"use client";

import { later } from "@/components/ui/later";

/** What the log says of a session, for what other features show of one. */
export const SessionEvents = later(async () => (await import("./session-events")).SessionEvents);
