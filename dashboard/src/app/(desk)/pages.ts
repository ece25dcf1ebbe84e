import { Activity, ChartColumn, History, LayoutGrid, MonitorCog, Settings, Users, type LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import { UnseenBadge } from "@/features/events";
import type { Role } from "@/features/staff";
import type en from "@/messages/en";

export interface DeskPage {
  path: string;
  /** Its name in the messages of the shell. */
  name: keyof (typeof en)["shell"]["pages"];
  Icon: LucideIcon;
  /** Pages of the second group stand below a line: what isn't needed in the middle of an evening. */
  group: 1 | 2;
  /** Who is shown it; everybody unless said. */
  roles?: readonly Role[];
  /** Has a place in a phone's bottom bar, which holds five; the others are behind "More". */
  atHand?: boolean;
  /** Stands beside its name, such as how much there is to look at. */
  Badge?: ComponentType;
}

/** Where one can go, in the order of the side bar. */
export const deskPages: readonly DeskPage[] = [
  { path: "/", name: "floor", Icon: LayoutGrid, group: 1, atHand: true },
  { path: "/sessions/", name: "sessions", Icon: History, group: 1, atHand: true },
  { path: "/stations/", name: "stations", Icon: MonitorCog, group: 1, atHand: true },
  { path: "/activity/", name: "activity", Icon: Activity, group: 1, atHand: true, Badge: UnseenBadge },
  { path: "/analytics/", name: "analytics", Icon: ChartColumn, group: 1 },
  { path: "/team/", name: "team", Icon: Users, group: 2, roles: ["owner"] },
  { path: "/settings/", name: "settings", Icon: Settings, group: 2, roles: ["manager", "owner"] },
];
