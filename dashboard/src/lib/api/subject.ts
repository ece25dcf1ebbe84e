/**
 * Whose access token this is: the `sub` claim of the JWT (RFC 7519, 4.1.2), or null when it can't be read. Nothing is
 * verified here, so it is for showing the right person's page and never for what somebody may do.
 */
export function subjectOf(token: string): string | null {
  const payload = token.split(".")[1] ?? "";
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    const subject = typeof claims === "object" && claims !== null && "sub" in claims ? claims.sub : null;
    return typeof subject === "string" ? subject : null;
  } catch {
    return null;
  }
}
