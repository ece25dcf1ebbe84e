import type { Station, Venue } from "@/lib/api";

/** What the venue has set for its PCs. Null, and a venue that isn't known yet, leave it to each PC. */
export type Policy = Pick<Venue, "auto_lock" | "auto_logout"> | undefined;

/** What becomes of a station when its grace ends. Says no more than is known: each PC may be set up differently. */
export function afterGrace({ name, driver }: Station, policy: Policy): string {
  const [lock, logout] = [policy?.auto_lock ?? null, policy?.auto_logout ?? null];
  if (driver === "manual" || (lock === false && logout === false))
    return `Nothing locks ${name}, so close it yourself.`;
  const sure = [lock === true && "locks", logout === true && "logs out"].filter(Boolean).join(" and ");
  if (sure !== "") return `${name} ${sure} when the grace ends.`;
  return `When the grace ends, ${name} locks and logs out if it is set up to.`;
}

/** What an end by hand does to a station. */
export function atOnce({ name, driver, connected }: Station, policy: Policy): string {
  if (driver === "manual" || policy?.auto_lock === false) return `Nothing locks ${name}, so close it yourself.`;
  const condition = policy?.auto_lock === true ? "" : " if it is set up to";
  return connected
    ? `The PC locks at once${condition}.`
    : `The PC can’t be reached; when it answers, it locks${condition}.`;
}
