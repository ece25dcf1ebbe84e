import { credentials, type FloorEvent } from "@/lib/api";
import { createStore } from "@/lib/store";
import { createClock } from "./clock";
import { FloorStore } from "./floor";
import type { LiveMessage } from "./messages";
import { LiveSocket } from "./socket";

export const clock = createClock();
export const floor = new FloorStore();

/** `since`: the server's time from which on the line is what it is now. */
export interface Link {
  live: boolean;
  since: number;
}

export const link = createStore<Link>({ live: false, since: clock.now() });

/** The events that came; null with a snapshot, before which any may have been missed. */
export type News = readonly FloorEvent[] | null;

const readers = new Set<(news: News) => void>();

/** Hears of events until the returned function is called. */
export function onNews(reader: (news: News) => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

let waiting: LiveMessage[] = [];
let socket: LiveSocket | null = null;

/** Follows the floor until the returned function is called. Needs somebody signed in. */
export function startLive(): () => void {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const line = new LiveSocket({
    url: `${scheme}://${location.host}/ws/dashboard`,
    token: credentials.token,
    renew: credentials.renew,
    receive,
  });
  socket = line;
  const person = credentials.person();
  link.set({ live: false, since: clock.now() });
  const stops = [
    clock.start(),
    line.live.subscribe(() => link.set({ live: line.live.get(), since: clock.now() })),
    credentials.subscribe(() => {
      const token = credentials.token();
      // Another person gets a line of their own.
      if (token !== null && credentials.person() === person) line.authenticate(token);
    }),
    listen(window, "online", nudgeLive),
    listen(window, "pageshow", nudgeLive),
    listen(document, "visibilitychange", () => document.visibilityState === "visible" && nudgeLive()),
  ];
  line.start();
  return () => {
    for (const stop of stops) stop();
    line.stop();
    socket = null;
    waiting = [];
    floor.clear();
  };
}

/** Looks after the line now instead of at the next planned moment. */
export function nudgeLive(): void {
  socket?.nudge();
}

function receive(message: LiveMessage): void {
  if (message.data.server_time) clock.correct(message.data.server_time, message.type === "snapshot");
  if (message.type === "snapshot") {
    waiting = [];
    floor.apply(message);
    tell(null);
    return;
  }
  if (message.data.events?.length) tell(message.data.events);
  waiting.push(message);
  if (waiting.length > 1) return;
  // A hidden page gets no animation frames.
  if (document.visibilityState === "visible") requestAnimationFrame(flush);
  else setTimeout(flush, 0);
}

function tell(news: News): void {
  for (const reader of [...readers]) reader(news);
}

function flush(): void {
  const messages = waiting;
  waiting = [];
  floor.applyAll(messages);
}

function listen(target: EventTarget, name: string, handler: () => void): () => void {
  target.addEventListener(name, handler);
  return () => target.removeEventListener(name, handler);
}
