import { Box, Gamepad2, Monitor, RectangleGoggles, type LucideIcon } from "lucide-react";
import type { Station } from "@/lib/api";

type Kind = Station["kind"];

export const kindIcons: Record<Kind, LucideIcon> = {
  pc: Monitor,
  console: Gamepad2,
  vr: RectangleGoggles,
  other: Box,
};
