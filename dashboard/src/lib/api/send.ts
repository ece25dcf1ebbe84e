import { credentials } from "./credentials";
import { readProblem, Unreachable } from "./problem";

const ANSWER_WITHIN_MS = 15_000;
/** A file of years comes line by line. */
const FILE_WITHIN_MS = 300_000;

/** Sends a request with the access token; after a 401 renews the token and tries once more, but as nobody else. */
export async function sendSigned(request: Request): Promise<Response> {
  const again = request.clone();
  const [token, person] = [credentials.token(), credentials.person()];
  const response = await send(withToken(request, token));
  if (response.status !== 401 || token === null) return response;
  const fresh = credentials.token() === token ? await credentials.renew().catch(() => null) : credentials.token();
  return fresh === null || credentials.person() !== person ? response : send(withToken(again, fresh));
}

/** Sends a request as it is. Rejects with Unreachable when no answer comes. */
export async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(withinOf(request)) });
  } catch (cause) {
    throw new Unreachable({ cause });
  }
}

/** Gives the answer's body or throws its Problem. */
export async function answerOf<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw readProblem(response.status, error, response.headers.get("Retry-After"));
  return data as T;
}

function withinOf({ url }: Request): number {
  return new URL(url).pathname.endsWith(".csv") ? FILE_WITHIN_MS : ANSWER_WITHIN_MS;
}

function withToken(request: Request, token: string | null): Request {
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  return request;
}
