/**
 * A random Idempotency-Key. Built on getRandomValues because randomUUID exists only in secure contexts, and a venue's
 * http address in its own network isn't one.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
