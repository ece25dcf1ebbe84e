"use client";

import { usePathname } from "next/navigation";
import { later } from "@/components/ui/later";
import { useSelection } from "@/features/stations";
import { directionOf, useLanguage } from "@/lib/i18n";
import { useStore } from "@/lib/live";
import { useMediaQuery } from "@/lib/media";
import { unsaid } from "@/lib/toast";

const Toasts = later(async () => (await import("@/components/ui/toasts")).Toasts);

/** What happened, at the start of the last line, beside the panels; over the sheet of a phone. */
export function Notices() {
  const direction = directionOf(useLanguage()[0]);
  const phone = useMediaQuery("(max-width: 767px)");
  const onFloor = usePathname() === "/";
  const sheet = useSelection()[0] !== null && onFloor && phone;
  const start = direction === "rtl" ? "bottom-right" : "bottom-left";
  const there = Toasts.useIsThere();
  const wanted = useStore(unsaid);
  if (!there && !wanted) return null;
  return (
    <Toasts
      dir={direction}
      position={sheet ? "top-center" : start}
      offset={16}
      mobileOffset={12}
      visibleToasts={3}
      expand
      toastOptions={{
        classNames: {
          description: "text-ink-2!",
          actionButton: "bg-accent! text-on-accent! h-8! px-3! rounded-[7px]!",
        },
        style: { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", fontSize: 13 },
      }}
    />
  );
}
