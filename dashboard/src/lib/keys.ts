import { useEffect, useRef, useSyncExternalStore } from "react";
import { createStore } from "@/lib/store";

const STORED_AS = "gameops.keys";

/** Whether single keys act. Who is disturbed by them, such as by speech input, switches them off (WCAG 2.1.4). */
const single = createStore<boolean | null>(null);

function read(): boolean {
  const chosen = single.get();
  if (chosen !== null) return chosen;
  try {
    return localStorage.getItem(STORED_AS) !== "off";
  } catch {
    return true;
  }
}

export function useSingleKeys(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(single.subscribe, read, () => true), choose];
}

function choose(on: boolean): void {
  try {
    localStorage.setItem(STORED_AS, on ? "on" : "off");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  single.set(on);
}

/**
 * Hears keys on the whole page until it is gone: single ones by their character, those with Ctrl (or Command) as
 * `ctrl+k`. Never while somebody is typing or answering a dialog, where only those with Ctrl in `always` are heard. A
 * handler that returns true has used the key.
 */
export function useKeys(handle: (key: string, event: KeyboardEvent) => boolean, always: readonly string[] = []): void {
  const latest = useRef({ handle, always });
  useEffect(() => {
    latest.current = { handle, always };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const ctrl = event.ctrlKey || event.metaKey;
      const key = ctrl
        ? `ctrl+${event.key.toLowerCase()}`
        : event.key.length === 1
          ? event.key.toLowerCase()
          : event.key;
      if (!ctrl && !read()) return;
      if ((isTyping(event.target) || isAsking()) && !latest.current.always.includes(key)) return;
      if (latest.current.handle(key, event)) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null
  );
}

/** Whether a question, a modal dialog or a menu has the keys now. The panel beside the plan is none. */
function isAsking(): boolean {
  return document.querySelector('[role="alertdialog"], [data-modal], [role="menu"]') !== null;
}
