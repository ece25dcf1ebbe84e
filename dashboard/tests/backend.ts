import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

/** One request as the server got it. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: unknown;
}

/** An answer, or "hang up" for a connection that breaks before there is one. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | "hang up";

let origin = "http://127.0.0.1:9";

/** A real HTTP server on a free port that answers as `answer` says and remembers what it was asked. */
export async function startBackend(answer: (request: Received) => Answer): Promise<Received[]> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const asked: Received = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: text === "" ? undefined : (JSON.parse(text) as unknown),
      };
      received.push(asked);
      const given = answer(asked);
      if (given === "hang up") return void request.socket.destroy();
      const type = given.status < 400 ? "application/json" : "application/problem+json";
      response.writeHead(given.status, { "Content-Type": type, ...given.headers });
      response.end(given.body === undefined ? undefined : JSON.stringify(given.body));
    });
  });
  await listen(server);
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  running.push(server);
  return received;
}

const running: Server[] = [];

afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  origin = "http://127.0.0.1:9";
});

/** Sends requests for `/...` to the test's server, as a browser sends them to the page's. */
export function answerRelativeUrls(): void {
  const [PlainRequest, plainFetch] = [globalThis.Request, globalThis.fetch];
  const absolute = (input: RequestInfo | URL): RequestInfo | URL =>
    typeof input === "string" && input.startsWith("/") ? origin + input : input;
  globalThis.Request = class extends PlainRequest {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(absolute(input), init);
    }
  };
  globalThis.fetch = (input, init) => plainFetch(absolute(input), init);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}
