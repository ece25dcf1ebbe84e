"use client";

import { useEffect } from "react";
import { toast, Toaster, type ToasterProps } from "sonner";
import { showBy } from "@/lib/toast";

/** Where notices are shown, those of lib/toast from the moment that this is on the page. */
export function Toasts(ways: ToasterProps) {
  useEffect(() => showBy(toast), []);
  return <Toaster {...ways} />;
}
