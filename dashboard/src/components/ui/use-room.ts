import { useLayoutEffect, useRef, useState, type RefObject } from "react";

/**
 * How far a row has to be shortened to have room: 0 for not at all, up to `most`. `content` changes with what is in it.
 * Where the steps don't suffice the row scrolls, and so it does below `least` pixels, without any.
 */
export function useRoom<E extends HTMLElement>(
  content: string,
  most: number,
  least: number,
): [RefObject<E | null>, number] {
  const row = useRef<E>(null);
  const [width, setWidth] = useState(0);
  const [found, setFound] = useState({ of: "", step: 0 });
  const of = `${width} ${content}`;
  const step = found.of === of ? found.step : 0;
  const last = width < least ? 0 : most;

  useLayoutEffect(() => {
    const element = row.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = row.current;
    // Painted only once it fits: this runs before the browser paints.
    if (element && step < last && element.scrollWidth > element.clientWidth) setFound({ of, step: step + 1 });
  }, [of, step, last]);

  return [row, step];
}
