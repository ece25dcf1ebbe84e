/** Whether a key that was pressed there belongs to what is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether a dialog or a menu has the keys now. */
export function isAsking(): boolean {
  return document.querySelector('[role="alertdialog"], [aria-modal="true"], [role="menu"]') !== null;
}
