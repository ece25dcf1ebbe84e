export const dynamic = "force-static";

/** Which build the server has, for the desks that opened an earlier one. */
export function GET(): Response {
  return Response.json({ build: process.env.BUILD_ID });
}
