"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { asDialog, later } from "@/components/ui/later";
import { useWords } from "@/lib/i18n";

const ConfirmDialog = later(async () => (await import("@/components/ui/confirm")).ConfirmDialog, asDialog);

/** Asks before a page with unsaved changes is left, by a link or with the browser's tab. */
export function LeaveGuard({ unsaved }: { unsaved: boolean }) {
  const words = useWords("settings");
  const router = useRouter();
  const [wanted, setWanted] = useState<string | null>(null);

  useEffect(() => {
    if (!unsaved) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey;
      if (!(link instanceof HTMLAnchorElement) || elsewhere || link.target === "_blank") return;
      if (link.origin !== location.origin || link.pathname === location.pathname) return;
      // Before the link itself hears of it.
      event.preventDefault();
      event.stopPropagation();
      setWanted(link.pathname + link.search);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [unsaved]);

  if (wanted === null) return null;
  return (
    <ConfirmDialog
      open
      onClose={() => setWanted(null)}
      title={words("leave.title")}
      confirm={words("leave.do")}
      keep={words("leave.stay")}
      onConfirm={() => router.push(wanted)}
    >
      {words("leave.text")}
    </ConfirmDialog>
  );
}
