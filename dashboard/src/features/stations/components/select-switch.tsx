"use client";

import { SquareCheckBig } from "lucide-react";
import { useMayRunSessions } from "@/features/staff";
import { IconButton } from "@/components/ui/icon-button";
import { useWords } from "@/lib/i18n";
import { useStore } from "@/lib/live";
import { picked, setPicking } from "../picked";

/** Turns pressing a tile into picking it, for several at once. */
export function SelectSwitch() {
  const words = useWords("stations");
  const { picking } = useStore(picked);
  if (!useMayRunSessions()) return null;
  return (
    <IconButton
      label={words("pick.mode")}
      Icon={SquareCheckBig}
      aria-pressed={picking}
      onClick={() => setPicking(!picking)}
      className="aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
    />
  );
}
