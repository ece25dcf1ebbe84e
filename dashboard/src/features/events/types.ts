import {
  ArrowLeftRight,
  Clock,
  Download,
  Hourglass,
  KeyRound,
  LogIn,
  LogOut,
  MessageSquare,
  Monitor,
  Pause,
  PenLine,
  Play,
  Plug,
  Plus,
  Settings,
  Square,
  SquarePlus,
  TimerOff,
  TriangleAlert,
  Undo2,
  UserPlus,
  WifiOff,
  Wifi,
  type LucideIcon,
} from "lucide-react";
import type { EventType } from "@/lib/event-name";

export const groups = ["sessions", "stations", "agents", "commands", "anomalies", "staff", "venue", "system"] as const;
export type Group = (typeof groups)[number];

interface About {
  group: Group;
  Icon: LucideIcon;
  /** Somebody should look at it. */
  look?: true;
}

const about: Record<EventType, About> = {
  SESSION_CREATED: { group: "sessions", Icon: Play },
  SESSION_CONFIRMED: { group: "sessions", Icon: Monitor },
  SESSION_UNCONFIRMED: { group: "sessions", Icon: Hourglass, look: true },
  SESSION_EXTENDED: { group: "sessions", Icon: Plus },
  SESSION_PAUSED: { group: "sessions", Icon: Pause },
  SESSION_RESUMED: { group: "sessions", Icon: Play },
  SESSION_MOVED: { group: "sessions", Icon: ArrowLeftRight },
  SESSION_REOPENED: { group: "sessions", Icon: Undo2 },
  SESSION_END_CORRECTED: { group: "sessions", Icon: PenLine },
  SESSION_ENDED: { group: "sessions", Icon: Square },
  SESSION_EXPIRED: { group: "sessions", Icon: TimerOff },
  STATION_CREATED: { group: "stations", Icon: SquarePlus },
  STATION_UPDATED: { group: "stations", Icon: PenLine },
  STATION_STATUS_CHANGED: { group: "stations", Icon: Monitor },
  STATION_TOKEN_ISSUED: { group: "stations", Icon: KeyRound },
  STATION_CODE_ISSUED: { group: "stations", Icon: KeyRound },
  AGENT_CONNECTED: { group: "agents", Icon: Wifi },
  AGENT_DISCONNECTED: { group: "agents", Icon: WifiOff },
  AGENT_ENROLLED: { group: "agents", Icon: Plug },
  AGENT_ENROLMENT_REFUSED: { group: "agents", Icon: Plug, look: true },
  AGENT_ERROR: { group: "agents", Icon: TriangleAlert, look: true },
  AGENT_REPORTED: { group: "agents", Icon: Monitor },
  COMMAND_SENT: { group: "commands", Icon: MessageSquare },
  COMMAND_DONE: { group: "commands", Icon: MessageSquare },
  COMMAND_FAILED: { group: "commands", Icon: TriangleAlert, look: true },
  ANOMALY_MOVED_WHILE_OFFLINE: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_PAUSED_WHILE_OFFLINE: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_RAN_WITHOUT_SESSION: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_AGENT_ABSENT: { group: "anomalies", Icon: WifiOff, look: true },
  ANOMALY_HELPER_KILLED: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_CLOCK_JUMP: { group: "anomalies", Icon: Clock, look: true },
  ANOMALY_FLAPPING_TAKEOVERS: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_FLOODING: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_CLONED_PC: { group: "anomalies", Icon: TriangleAlert, look: true },
  ANOMALY_NOT_ENFORCED: { group: "anomalies", Icon: TriangleAlert, look: true },
  STAFF_CREATED: { group: "staff", Icon: UserPlus },
  STAFF_UPDATED: { group: "staff", Icon: PenLine },
  STAFF_PASSWORD_CHANGED: { group: "staff", Icon: KeyRound },
  STAFF_PASSWORD_REFUSED: { group: "staff", Icon: KeyRound, look: true },
  STAFF_SIGNED_IN: { group: "staff", Icon: LogIn },
  STAFF_SIGNED_OUT: { group: "staff", Icon: LogOut },
  STAFF_SIGN_IN_REFUSED: { group: "staff", Icon: LogIn, look: true },
  STAFF_TOKEN_REUSED: { group: "staff", Icon: TriangleAlert, look: true },
  VENUE_CREATED: { group: "venue", Icon: Settings },
  VENUE_UPDATED: { group: "venue", Icon: Settings },
  ZONE_CREATED: { group: "venue", Icon: SquarePlus },
  ZONE_UPDATED: { group: "venue", Icon: PenLine },
  ZONE_RETIRED: { group: "venue", Icon: Square },
  SYSTEM_ERROR: { group: "system", Icon: TriangleAlert, look: true },
  SYSTEM_WARNING: { group: "system", Icon: TriangleAlert, look: true },
};

export const eventTypes = Object.keys(about) as EventType[];

export function isKnown(type: string): type is EventType {
  return Object.hasOwn(about, type);
}

/** A newer server may tell of what this dashboard doesn't know. */
export function aboutType(type: string): About {
  if (isKnown(type)) return about[type];
  return type.startsWith("ANOMALY_")
    ? { group: "anomalies", Icon: TriangleAlert, look: true }
    : { group: "system", Icon: Download };
}

/** The types of a group, of those to look at, or of both; null where every type is meant. */
export function typesOf(group: Group | "", look: boolean): EventType[] | null {
  if (group === "" && !look) return null;
  return eventTypes.filter(
    (type) => (group === "" || about[type].group === group) && (!look || about[type].look === true),
  );
}
