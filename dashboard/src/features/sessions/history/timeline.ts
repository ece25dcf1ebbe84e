import type { FloorEvent, Gap, Session } from "@/lib/api";

export type SpanKind = "waiting" | "playing" | Gap["kind"] | "left" | "grace";

export interface Stretch {
  from: number;
  to: number;
}

export interface Span extends Stretch {
  kind: SpanKind;
}

/** A station for as long as the session was there; `to` null while it is. */
export interface Seat {
  stationId: string;
  from: number;
  to: number | null;
}

/** What went on from the start that was asked for to the end, or the deadline, with its grace: without holes. */
export function spansOf(session: Session, askedAt: number | null, now: number): Span[] {
  const started = Date.parse(session.started_at);
  const ended = instant(session.ended_at);
  const asked = Math.min(askedAt ?? started, started);
  if (session.confirmed_at === null) return present([{ kind: "waiting", from: asked, to: ended ?? now }]);
  const deadline = instant(session.scheduled_end_at);
  const end = ended ?? Math.max(started, Math.min(now, deadline ?? now));
  const spans: Span[] = [{ kind: "waiting", from: asked, to: started }, ...played(session.gaps, started, end)];
  if (ended === null && deadline !== null) spans.push({ kind: "left", from: end, to: deadline });
  if (session.end_reason === "expired" && ended !== null) {
    spans.push({ kind: "grace", from: ended, to: ended + session.grace_seconds * 1000 });
  }
  return present(spans);
}

function played(gaps: readonly Gap[], from: number, end: number): Span[] {
  const spans: Span[] = [];
  let at = from;
  const inOrder = [...gaps].sort((a, b) => Date.parse(a.from_at) - Date.parse(b.from_at));
  for (const gap of inOrder) {
    const start = Math.min(Math.max(Date.parse(gap.from_at), at), end);
    const over = Math.min(Math.max(instant(gap.to_at) ?? end, start), end);
    spans.push({ kind: "playing", from: at, to: start }, { kind: gap.kind, from: start, to: over });
    at = over;
  }
  spans.push({ kind: "playing", from: at, to: end });
  return spans;
}

function present(spans: readonly Span[]): Span[] {
  return spans.filter(({ from, to }) => to > from);
}

/** When the session was asked for, by its first event; null where the log doesn't say. */
export function askedAt(story: readonly FloorEvent[]): number | null {
  const created = story.find(({ type }) => type === "SESSION_CREATED");
  return created ? Date.parse(created.at) : null;
}

/** Where the session was, by what the log says of its start and its moves. */
export function seatsOf(story: readonly FloorEvent[], session: Session): Seat[] {
  const seats: Seat[] = [];
  for (const { type, at, station_id: stationId } of [...story].sort((a, b) => a.id - b.id)) {
    if (stationId === null || (type !== "SESSION_CREATED" && type !== "SESSION_MOVED")) continue;
    const from = Date.parse(at);
    const before = seats.at(-1);
    if (before) before.to = from;
    seats.push({ stationId, from, to: null });
  }
  const last = seats.at(-1);
  if (last) last.to = instant(session.ended_at);
  return seats;
}

/** When a PC couldn't be reached between two instants, by its connections, the oldest first. */
export function offlineOf(connections: readonly FloorEvent[], from: number, to: number): Stretch[] {
  const found: Stretch[] = [];
  let since: number | null = connections[0]?.type === "AGENT_CONNECTED" ? from : null;
  for (const { type, at, data } of connections) {
    if (type === "AGENT_CONNECTED" && since !== null) {
      found.push({ from: since, to: Date.parse(at) });
      since = null;
    }
    if (type === "AGENT_DISCONNECTED" && data.replaced !== true) since ??= Date.parse(at);
  }
  if (since !== null) found.push({ from: since, to });
  return found.filter((stretch) => stretch.to - stretch.from >= 1000);
}

/** How long each kind lasted together, in seconds, in the order in which they came first. */
export function sumsOf(spans: readonly Span[]): Map<SpanKind, number> {
  const sums = new Map<SpanKind, number>();
  for (const { kind, from, to } of spans) sums.set(kind, (sums.get(kind) ?? 0) + to - from);
  return new Map([...sums].map(([kind, ms]) => [kind, Math.round(ms / 1000)]));
}

function instant(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
