import createClient from "openapi-fetch";
import type { paths } from "./schema";
import { send, sendSigned } from "./send";

/** The API as the person who is signed in. Its types come from the server's OpenAPI document: `npm run types`. */
export const api = createClient<paths>({ fetch: sendSigned });

/** The API's doors that need no access token: signing in and out. */
export const openApi = createClient<paths>({ fetch: send });
