import { Box, Gamepad2, Monitor, RectangleGoggles, type LucideIcon } from "lucide-react";
import type { Station } from "@/lib/api";

type Kind = Station["kind"];

export const kindIcons: Record<Kind, LucideIcon> = {
  pc: Monitor,
  console: Gamepad2,
  vr: RectangleGoggles,
  other: Box,
};

/** How a sentence calls a station of that kind. */
export const kindNouns: Record<Kind, string> = { pc: "PC", console: "console", vr: "headset", other: "station" };
