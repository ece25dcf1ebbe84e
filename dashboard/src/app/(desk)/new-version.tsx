"use client";

import { useEffect } from "react";
import { keepOfflinePage, newerBuild, watchForNewer } from "@/lib/build";
import { useWords } from "@/lib/i18n";
import { useStore } from "@/lib/live";
import { loadAtLeisure } from "@/lib/part";
import { toast } from "@/lib/toast";

const NOTICE = "new-version";
/** What isn't needed to draw the first page waits until that has been drawn. */
const SETTLED_AFTER_MS = 2_000;

/** Says that the server has a newer dashboard. When to load it is for whoever works here to say. */
export function NewVersion() {
  const words = useWords("app");
  const newer = useStore(newerBuild);

  useEffect(() => {
    const timer = setTimeout(() => {
      keepOfflinePage();
      loadAtLeisure();
    }, SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(watchForNewer, []);
  useEffect(() => {
    if (newer === null) return;
    toast(words("newer.title"), {
      id: NOTICE,
      description: words("newer.text"),
      duration: Infinity,
      closeButton: true,
      action: { label: words("reload"), onClick: () => location.reload() },
    });
    return () => void toast.dismiss(NOTICE);
  }, [newer, words]);
  return null;
}
