import type { KeyboardEvent } from "react";

type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

/** Moves the focus from one tile to the nearest one in the arrow's direction, by their places on the screen. */
export function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (!isDirection(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  const from = event.target instanceof HTMLElement ? event.target : null;
  if (!from?.matches("[data-station]")) return;
  const next = nearest(from, event.currentTarget.querySelectorAll<HTMLElement>("[data-station]"), event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function nearest(from: HTMLElement, tiles: Iterable<HTMLElement>, direction: Direction): HTMLElement | null {
  const start = centre(from);
  let best: HTMLElement | null = null;
  let bestDistance = Infinity;
  for (const tile of tiles) {
    const { x, y } = centre(tile);
    const [dx, dy] = [x - start.x, y - start.y];
    const along = { ArrowUp: -dy, ArrowDown: dy, ArrowLeft: -dx, ArrowRight: dx }[direction];
    if (along < 8) continue;
    // A tile that is off to the side counts as three times as far, so that rows and columns are followed.
    const distance = along + 3 * Math.abs(direction === "ArrowUp" || direction === "ArrowDown" ? dx : dy);
    if (distance < bestDistance) [best, bestDistance] = [tile, distance];
  }
  return best;
}

function centre(element: HTMLElement): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function isDirection(key: string): key is Direction {
  return key === "ArrowUp" || key === "ArrowDown" || key === "ArrowLeft" || key === "ArrowRight";
}
