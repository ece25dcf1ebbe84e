import { useEffect, type KeyboardEvent, type MouseEvent, type SyntheticEvent } from "react";
import { moveFocus } from "./arrows";
import { clearPicked, pickAlso, picked, pickTo, togglePicked } from "./picked";
import { isAsking, isTyping } from "./typing";

/** What the floor's area does with keys and clicks: arrows move over the stations, and with `may`, several are picked. */
export function usePicking(may: boolean) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const { ids, picking } = picked.get();
      if (event.key !== "Escape" || (ids.size === 0 && !picking) || isTyping(event.target) || isAsking()) return;
      event.stopImmediatePropagation();
      clearPicked();
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, []);
  useEffect(() => clearPicked, []);

  return {
    onClickCapture(event: MouseEvent<HTMLElement>) {
      const id = stationOf(event);
      const extend = event.shiftKey;
      if (!may || id === null || !(extend || event.ctrlKey || event.metaKey || picked.get().picking)) return;
      event.preventDefault();
      event.stopPropagation();
      if (extend) pickTo(id, shownIn(event.currentTarget));
      else togglePicked(id);
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const from = stationOf(event);
      moveFocus(event);
      if (!may || from === null) return;
      if (event.key === " ") {
        event.preventDefault();
        togglePicked(from);
      } else if (event.shiftKey && event.key.startsWith("Arrow")) {
        const to = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.stationId : undefined;
        pickAlso(to === undefined ? [from] : [from, to]);
      }
    },
    onKeyUp(event: KeyboardEvent<HTMLElement>) {
      // A button is pressed when Space is let go.
      if (may && event.key === " " && stationOf(event) !== null) event.preventDefault();
    },
  };
}

function stationOf({ target }: SyntheticEvent): string | null {
  const tile = target instanceof Element ? target.closest<HTMLElement>("[data-station-id]") : null;
  return tile?.dataset.stationId ?? null;
}

function shownIn(area: HTMLElement): string[] {
  return [...area.querySelectorAll<HTMLElement>("[data-station-id]")].flatMap((tile) => tile.dataset.stationId ?? []);
}
