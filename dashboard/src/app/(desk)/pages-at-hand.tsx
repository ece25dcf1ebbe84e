"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useLink } from "@/lib/live";
import { useDeskPages } from "./side-bar";

/** The first page, and what opens on it, come first. */
const SETTLED_AFTER_MS = 6_000;

/**
 * Fetches every page before it is gone to. Then the desk goes on from page to page while the server is away, and after
 * it has a newer version, instead of leaving for a page that isn't there or loading anew what was half typed.
 */
export function PagesAtHand() {
  const router = useRouter();
  const { live } = useLink();
  const paths = useDeskPages()
    .map(({ path }) => path)
    .join(" ");
  useEffect(() => {
    if (!live || paths === "") return;
    const timer = setTimeout(() => paths.split(" ").forEach((path) => router.prefetch(path)), SETTLED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [router, live, paths]);
  return null;
}
