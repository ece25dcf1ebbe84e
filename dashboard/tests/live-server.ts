import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import { WebSocket as Client, WebSocketServer } from "ws";
import { after } from "./floor";

export interface LiveServer {
  server: WebSocketServer;
  /** Sends a message to every page that is connected. */
  tell: (type: string, data: object) => void;
  close: () => void;
}

/** A real WebSocket server in the place of `/ws/dashboard`, which greets every page with this snapshot. */
export async function startLiveServer(snapshot: object): Promise<LiveServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "bearer" });
  const tell = (type: string, data: object) => {
    const frame = JSON.stringify({ type, data: { cursor: 1, server_time: after(0), ...data } });
    for (const socket of server.clients) socket.send(frame);
  };
  server.on("connection", () => tell("snapshot", snapshot));
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal(
    "WebSocket",
    class extends Client {
      constructor(_url: string, protocols: string[]) {
        super(`ws://127.0.0.1:${port}`, protocols);
        this.on("error", () => undefined);
      }
    },
  );
  const close = () => {
    vi.unstubAllGlobals();
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
  return { server, tell, close };
}
