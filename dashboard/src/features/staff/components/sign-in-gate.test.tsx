// @vitest-environment jsdom
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { AddressInfo } from "node:net";
import { useEffect } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket as Client, WebSocketServer } from "ws";
import { credentials } from "@/lib/api";
import { startLive } from "@/lib/live";
import { startBackend, type Received } from "../../../../tests/backend";
import { eventually } from "../../../../tests/eventually";
import { renderPage } from "../../../../tests/render";
import { tokensOf } from "../../../../tests/tokens";
import { useMe } from "../queries";
import { SignInGate } from "./sign-in-gate";

/** Whose refresh cookie the browser has. */
let person: string;
let live: WebSocketServer;
/** The tokens that live connections were opened with, and what came on them. */
let opened: string[];
let frames: string[];

beforeEach(async () => {
  credentials.drop(false);
  person = "ana";
  [opened, frames] = [[], []];
  live = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "bearer" });
  live.on("connection", (socket, { headers }) => {
    opened.push(String(headers["sec-websocket-protocol"]).split(/, ?/)[1] ?? "");
    socket.on("message", (frame) => frames.push(String(frame)));
  });
  await new Promise((resolve) => live.once("listening", resolve));
  const { port } = live.address() as AddressInfo;
  vi.stubGlobal(
    "WebSocket",
    class extends Client {
      constructor(_url: string, protocols: string[]) {
        super(`ws://127.0.0.1:${port}`, protocols);
        this.on("error", () => undefined);
      }
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  for (const socket of live.clients) socket.terminate();
  live.close();
});

function Desk() {
  const me = useMe();
  useEffect(startLive, []);
  return (
    <>
      <p>Signed in as {me?.username ?? "nobody"}</p>
      <input aria-label="Player" />
    </>
  );
}

async function openDesk(): Promise<Received[]> {
  const received = await startBackend(({ path, headers }) => {
    if (path === "/api/v1/auth/refresh") return { status: 200, body: tokensOf(person) };
    const asking = ["ana", "ben"].find((name) => headers.authorization === `Bearer ${tokensOf(name).access_token}`);
    return { status: 200, body: { username: asking, role: "attendant" } };
  });
  renderPage(
    <SignInGate>
      <Desk />
    </SignInGate>,
  );
  await screen.findByText("Signed in as ana");
  await eventually(() => expect(live.clients.size).toBe(1));
  await userEvent.type(screen.getByLabelText("Player"), "Marta K.");
  return received;
}

it("begins anew for another person who signed in in another tab", async () => {
  await openDesk();
  person = "ben";
  await credentials.renew();
  await screen.findByText("Signed in as ben");
  expect(screen.queryByText("Signed in as ana")).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>("Player").value).toBe("");
  await eventually(() => expect(opened).toEqual(["ana", "ben"].map((name) => tokensOf(name).access_token)));
  await eventually(() => expect(live.clients.size).toBe(1));
  expect(frames).toEqual([]);
});

it("leaves everything as it is when the same person's token is renewed", async () => {
  const received = await openDesk();
  await credentials.renew();
  await eventually(() => expect(frames).toHaveLength(1));
  expect(screen.getByLabelText<HTMLInputElement>("Player").value).toBe("Marta K.");
  expect(opened).toHaveLength(1);
  expect(received.filter(({ path }) => path === "/api/v1/auth/me")).toHaveLength(1);
});

it("keeps what was typed when the sign-in runs out, for the same person only", async () => {
  await openDesk();
  for (const next of ["ana", "ben"]) {
    act(() => credentials.drop(true));
    expect(screen.getByRole("status").textContent).toContain("what you typed is still here");
    for (const socket of live.clients) socket.terminate();
    act(() => credentials.accept(tokensOf(next)));
    await screen.findByText(`Signed in as ${next}`);
    expect(screen.getByLabelText<HTMLInputElement>("Player").value).toBe(next === "ana" ? "Marta K." : "");
    await eventually(() => expect(live.clients.size).toBe(1));
  }
});

it("forgets what was typed when somebody signs out", async () => {
  await openDesk();
  act(() => credentials.drop(false));
  expect(screen.queryByLabelText("Player")).toBeNull();
  act(() => credentials.accept(tokensOf("ana")));
  expect((await screen.findByLabelText<HTMLInputElement>("Player")).value).toBe("");
});
