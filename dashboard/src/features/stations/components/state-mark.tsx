import { DoorOpen, Hourglass, Lock, LogOut, Pause, Plug, TriangleAlert, WifiOff, Wrench } from "lucide-react";
import type { TileState, TileView } from "../tile";

/** The state as a shape, so that colour never speaks alone. `onSurface`: not on a tile that is solid red. Decorative: the words are beside it. */
export function StateMark({ state, onSurface = false }: { state: TileState; onSurface?: boolean }) {
  switch (state) {
    case "ok":
      return <OkShape />;
    case "soon":
      return <SoonShape />;
    case "last":
      return <LastShape />;
    case "free":
      return null;
    default: {
      const Icon = icons[state];
      return <Icon size={14} aria-hidden className={onSurface && state === "time-up" ? "text-last" : colours[state]} />;
    }
  }
}

/** Somebody at the desk should look. */
export function WarningMark() {
  return <TriangleAlert size={14} aria-hidden className="text-soon" />;
}

/** Locked or open where it surprises. */
export function SurpriseMark({ surprise }: { surprise: NonNullable<TileView["surprise"]> }) {
  const Icon = surprise === "open" ? DoorOpen : Lock;
  return <Icon size={14} aria-hidden className="text-ink-2" />;
}

const icons = {
  "no-pc": Plug,
  waiting: Hourglass,
  "time-up": LogOut,
  paused: Pause,
  offline: WifiOff,
  maintenance: Wrench,
};

const colours = {
  "no-pc": "text-ink-3",
  waiting: "text-wait",
  "time-up": "text-on-last",
  paused: "text-pause",
  offline: "text-ink",
  maintenance: "text-ink-3",
};

export function FreeShape() {
  return (
    <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden className="text-ink-3">
      <circle cx="5.5" cy="5.5" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

export function OkShape() {
  return (
    <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden className="text-ok">
      <circle cx="4.5" cy="4.5" r="4" fill="currentColor" />
    </svg>
  );
}

export function SoonShape() {
  return (
    <svg width="12" height="11" viewBox="0 0 12 11" aria-hidden className="text-soon">
      <path d="M6 1 11.2 10H.8Z" fill="currentColor" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />
    </svg>
  );
}

export function LastShape() {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden className="text-last">
      <path d="M3.6.3h4.8L11.7 3.6v4.8L8.4 11.7H3.6L.3 8.4V3.6Z" fill="currentColor" />
      <path d="M6 2.9v3.6M6 8.6v.2" stroke="var(--zone)" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}
