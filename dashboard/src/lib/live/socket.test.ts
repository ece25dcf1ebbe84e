import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket as Client, WebSocketServer, type WebSocket as ServerSocket } from "ws";
import { eventually } from "../../../tests/eventually";
import type { LiveMessage } from "./messages";
import { LiveSocket, type LiveSocketOptions } from "./socket";

const snapshot = {
  type: "snapshot",
  data: { cursor: 1, server_time: "2026-11-22T20:00:00Z", stations: [], sessions: [] },
};

/** A browser tells of a refused upgrade by the close alone; an error that nobody listens to is no crash there. */
class BrowserSocket extends Client {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    this.on("error", () => undefined);
  }
}

let server: WebSocketServer;
let line: LiveSocket | null = null;
/** What the server saw: the tokens of the upgrades, the frames, and the sockets that are open. */
let tokens: string[];
let frames: unknown[];
let sockets: ServerSocket[];
let accepts: (token: string) => boolean;
let greets: boolean;

beforeEach(async () => {
  // Node 20 has no WebSocket of its own; this one has the same interface.
  vi.stubGlobal("WebSocket", BrowserSocket);
  [tokens, frames, sockets] = [[], [], []];
  accepts = () => true;
  greets = true;
  server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    handleProtocols: (protocols) => (protocols.has("bearer") ? "bearer" : false),
    verifyClient: ({ req }: { req: { headers: Record<string, string | string[] | undefined> } }) => {
      const token = String(req.headers["sec-websocket-protocol"]).split(/, ?/)[1] ?? "";
      tokens.push(token);
      return accepts(token);
    },
  });
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.on("message", (data) => frames.push(JSON.parse(String(data))));
    if (greets) socket.send(JSON.stringify(snapshot));
  });
  await new Promise((resolve) => server.once("listening", resolve));
});

afterEach(() => {
  vi.unstubAllGlobals();
  line?.stop();
  for (const socket of server.clients) socket.terminate();
  server.close();
});

function follow(options: Partial<LiveSocketOptions> = {}): LiveMessage[] {
  const received: LiveMessage[] = [];
  line = new LiveSocket({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/dashboard`,
    token: () => "token-1",
    renew: () => Promise.resolve("token-1"),
    receive: (message) => received.push(message),
    timings: { silenceMs: 60_000, watchMs: 10, firstDelayMs: 10, longestDelayMs: 40 },
    ...options,
  });
  line.start();
  return received;
}

const isLive = () => expect(line?.live.get()).toBe(true);
const isDown = () => expect(line?.live.get()).toBe(false);

describe("the live line", () => {
  it("signs in by subprotocol and is live with the first snapshot", async () => {
    const received = follow();
    isDown();
    await eventually(isLive);
    expect(tokens).toEqual(["token-1"]);
    expect(received).toEqual([snapshot]);
  });

  it("isn't live before there is a snapshot", async () => {
    greets = false;
    follow();
    await eventually(() => expect(sockets).toHaveLength(1));
    isDown();
  });

  it("hands on deltas and leaves alone what it doesn't know", async () => {
    const received = follow();
    await eventually(isLive);
    sockets[0]?.send(JSON.stringify({ type: "weather", data: {} }));
    sockets[0]?.send(JSON.stringify({ type: "delta", data: { cursor: 2 } }));
    await eventually(() => expect(received.map(({ type }) => type)).toEqual(["snapshot", "delta"]));
  });

  it("comes back by itself after a break", async () => {
    const received = follow();
    await eventually(isLive);
    const states: boolean[] = [];
    line?.live.subscribe(() => states.push(line?.live.get() ?? false));
    sockets[0]?.terminate();
    await eventually(() => expect(states).toEqual([false, true]));
    expect(received).toHaveLength(2);
  });

  it("takes a silent line for a dead one", async () => {
    follow({ timings: { silenceMs: 50, watchMs: 10, firstDelayMs: 10, longestDelayMs: 40 } });
    await eventually(() => expect(sockets.length).toBeGreaterThan(1));
  });

  it("renews the token before it returns from a 4401", async () => {
    let token = "token-1";
    const renew = vi.fn(() => Promise.resolve((token = "token-2")));
    follow({ token: () => token, renew });
    await eventually(isLive);
    sockets[0]?.close(4401);
    await eventually(() => expect(tokens).toEqual(["token-1", "token-2"]));
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it("suspects the token when the upgrade is refused twice", async () => {
    let token = "stale";
    accepts = (given) => given === "fresh";
    follow({ token: () => token, renew: () => Promise.resolve((token = "fresh")) });
    await eventually(isLive);
    expect(tokens).toEqual(["stale", "stale", "fresh"]);
  });

  it("rests when nobody is signed in any more", async () => {
    accepts = () => false;
    const renew = vi.fn(() => Promise.resolve(null));
    follow({ renew });
    await eventually(() => expect(renew).toHaveBeenCalled());
    // That nothing comes can only be seen by watching for as long as several retries would take.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(tokens).toHaveLength(2);
  });

  it("keeps trying while the renewal gets no answer", async () => {
    accepts = () => false;
    const renew = vi.fn(() => Promise.reject(new Error("away")));
    follow({ renew });
    await eventually(() => expect(renew.mock.calls.length).toBeGreaterThan(2));
    isDown();
  });

  it("renews the open socket's sign-in in place", async () => {
    follow();
    await eventually(isLive);
    line?.authenticate("token-2");
    await eventually(() => expect(frames).toEqual([{ type: "auth", data: { token: "token-2" } }]));
    expect(sockets).toHaveLength(1);
  });

  it("tries at once when it is nudged", async () => {
    follow({ timings: { silenceMs: 60_000, watchMs: 10, firstDelayMs: 60_000, longestDelayMs: 60_000 } });
    await eventually(isLive);
    sockets[0]?.terminate();
    await eventually(isDown);
    line?.nudge();
    await eventually(isLive);
  });

  it("is over when it is stopped", async () => {
    follow();
    await eventually(isLive);
    line?.stop();
    isDown();
    await eventually(() => expect(server.clients.size).toBe(0));
    expect(sockets).toHaveLength(1);
  });
});
