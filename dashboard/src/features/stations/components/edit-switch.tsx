"use client";

import { PencilRuler } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { useWords } from "@/lib/i18n";
import { useStore } from "@/lib/live";
import { useMe } from "@/features/staff";
import { editing } from "../editor/editing";

/** Opens the plan to be edited, for those who may. */
export function EditSwitch() {
  const words = useWords("plan");
  const role = useMe()?.role;
  const on = useStore(editing);
  if (role !== "manager" && role !== "owner") return null;
  return (
    <IconButton
      label={words("edit")}
      Icon={PencilRuler}
      data-edit-plan
      aria-pressed={on}
      onClick={() => editing.set(!on)}
      className="aria-pressed:bg-accent-soft aria-pressed:text-accent-text max-md:hidden"
    />
  );
}
