import type { Station, Venue } from "@/lib/api";
import type { Translate } from "@/lib/i18n";

/** What the venue has set for its PCs. Null, and a venue that isn't known yet, leave it to each PC. */
export type Policy = Pick<Venue, "auto_lock" | "auto_logout"> | undefined;

/** What becomes of a station when its grace ends. Says no more than is known: each PC may be set up differently. */
export function afterGrace({ name, driver }: Station, policy: Policy, words: Translate<"sessions">): string {
  const [lock, logout] = [policy?.auto_lock ?? null, policy?.auto_logout ?? null];
  if (driver === "manual" || (lock === false && logout === false)) return words("enforce.nothing", { station: name });
  if (lock === true && logout === true) return words("enforce.both", { station: name });
  if (lock === true) return words("enforce.locks", { station: name });
  if (logout === true) return words("enforce.logsOut", { station: name });
  return words("enforce.perhaps", { station: name });
}

/** What an end by hand does to a station. */
export function atOnce({ name, driver, connected }: Station, policy: Policy, words: Translate<"sessions">): string {
  if (driver === "manual" || policy?.auto_lock === false) return words("enforce.nothing", { station: name });
  const sure = policy?.auto_lock === true;
  if (connected) return words(sure ? "enforce.atOnce" : "enforce.atOncePerhaps");
  return words(sure ? "enforce.later" : "enforce.laterPerhaps");
}
