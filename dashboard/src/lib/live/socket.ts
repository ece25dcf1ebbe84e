import { createStore, type Store } from "@/lib/store";
import { readMessage, type LiveMessage } from "./messages";

/** The server speaks at least every 15 s, so a silence of 25 s is a dead line. Delays double from the first on. */
export const TIMINGS = { silenceMs: 25_000, watchMs: 1_000, firstDelayMs: 500, longestDelayMs: 10_000 };

const TOKEN_EXPIRED = 4401;

export interface LiveSocketOptions {
  url: string;
  token: () => string | null;
  /** Gets a new access token; null when nobody is signed in any more, rejects when the server is away. */
  renew: () => Promise<string | null>;
  receive: (message: LiveMessage) => void;
  timings?: typeof TIMINGS;
}

/** Keeps one socket to the server alive. `live` is true from a snapshot until the line is known to be broken. */
export class LiveSocket {
  readonly live: Store<boolean> = createStore(false);
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private failures = 0;
  private renewFirst = false;
  private heardAt = 0;

  private readonly timings: typeof TIMINGS;

  constructor(private readonly options: LiveSocketOptions) {
    this.timings = options.timings ?? TIMINGS;
  }

  start(): void {
    this.watch ??= setInterval(() => this.checkSilence(), this.timings.watchMs);
    void this.connect();
  }

  stop(): void {
    clearInterval(this.watch);
    this.watch = undefined;
    clearTimeout(this.retry);
    this.abandon();
    this.live.set(false);
  }

  /** Tries at once: the person asked, the network is back, or the page was woken. A line that is fine is left alone. */
  nudge(): void {
    if (this.live.get() && !this.isSilent()) return;
    if (this.live.get()) this.drop();
    if (this.socket?.readyState === WebSocket.OPEN || this.watch === undefined) return;
    this.failures = 0;
    clearTimeout(this.retry);
    this.abandon();
    void this.connect();
  }

  /** Renews the sign-in of the open socket in place; without one, it is what was waited for. */
  authenticate(token: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ type: "auth", data: { token } }));
      return;
    }
    if (this.socket !== null) return;
    this.renewFirst = false;
    this.nudge();
  }

  private async connect(): Promise<void> {
    if (this.renewFirst) {
      try {
        if ((await this.options.renew()) === null) return;
        this.renewFirst = false;
      } catch {
        return this.retryLater();
      }
    }
    const token = this.options.token();
    if (token === null || this.socket !== null || this.watch === undefined) return;

    const socket = new WebSocket(this.options.url, ["bearer", token]);
    this.socket = socket;
    this.heardAt = Date.now();
    let opened = false;
    socket.onopen = () => {
      opened = true;
      // The token may have been renewed while the socket was opening.
      const fresh = this.options.token();
      if (fresh !== null && fresh !== token) this.authenticate(fresh);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      this.heardAt = Date.now();
      if (typeof event.data !== "string") return;
      const message = readMessage(event.data);
      if (!message) return;
      this.options.receive(message);
      if (message.type !== "snapshot") return;
      this.failures = 0;
      this.live.set(true);
    };
    socket.onclose = (event: CloseEvent) => {
      // A refused upgrade doesn't say why: after the second one the token is the suspect.
      this.renewFirst = event.code === TOKEN_EXPIRED || (!opened && this.failures >= 1);
      this.lost();
    };
  }

  private checkSilence(): void {
    if (this.socket && this.isSilent()) this.lost();
  }

  private isSilent(): boolean {
    // The wall clock counts the time that the computer slept, which the monotonic one may not.
    return Date.now() - this.heardAt > this.timings.silenceMs;
  }

  private lost(): void {
    this.drop();
    this.retryLater();
  }

  private drop(): void {
    this.abandon();
    this.live.set(false);
  }

  private retryLater(): void {
    clearTimeout(this.retry);
    const longest = Math.min(this.timings.firstDelayMs * 2 ** this.failures, this.timings.longestDelayMs);
    this.failures += 1;
    this.retry = setTimeout(() => void this.connect(), longest * (0.5 + Math.random() / 2));
  }

  private abandon(): void {
    const socket = this.socket;
    if (!socket) return;
    this.socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
