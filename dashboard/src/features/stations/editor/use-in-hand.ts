import { useEffect } from "react";
import { useStore } from "@/lib/live";
import { inHand } from "./editing";

/** Puts the focus on what is in hand as soon as it is drawn, in the tray or on the plan. Answers what takes it in hand. */
export function useInHand(): (key: string) => void {
  const key = useStore(inHand);
  useEffect(() => {
    if (key === null) return;
    const shown = [...document.querySelectorAll<HTMLElement>("[data-item]")].find((one) => one.dataset.item === key);
    shown?.focus();
    shown?.scrollIntoView({ block: "nearest", inline: "nearest" });
    // What can't be put anywhere yet takes no focus; it stays in hand until it can.
    if (shown && document.activeElement === shown) inHand.set(null);
  });
  useEffect(() => () => inHand.set(null), []);
  return inHand.set;
}
