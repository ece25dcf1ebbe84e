"use client";

import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { GRID } from "./boxes";

const REST_AFTER_MS = 700;

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-GRID, 0],
  ArrowRight: [GRID, 0],
  ArrowUp: [0, -GRID],
  ArrowDown: [0, GRID],
};

/** Something on the plan that is moved by drag and by arrows; with Shift, or by its corner, it is sized. */
export function EditItem({
  item,
  label,
  className,
  style,
  onMove,
  onSize,
  onRest,
  onRemove,
  children,
}: {
  /** Its key on the plan. */
  item: string;
  label: string;
  className: string;
  style: { left: number; top: number; width: number; height: number };
  /** By how much since the drag began, or by one step. `from` starts a drag. */
  onMove: (dx: number, dy: number, phase: "from" | "drag" | "step") => void;
  onSize?: (dx: number, dy: number, phase: "from" | "drag" | "step") => void;
  onRest: () => void;
  onRemove: () => void;
  children: ReactNode;
}) {
  const from = useRef<{ x: number; y: number; act: typeof onMove } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const begin = (event: PointerEvent<HTMLElement>, act: typeof onMove) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, y: event.clientY, act };
    act(0, 0, "from");
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (from.current) from.current.act(event.clientX - from.current.x, event.clientY - from.current.y, "drag");
  };
  const end = () => {
    if (from.current) onRest();
    from.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const by = arrows[event.key];
    if (event.key === "Delete" || event.key === "Backspace") onRemove();
    else if (by) {
      event.preventDefault();
      (event.shiftKey && onSize ? onSize : onMove)(by[0], by[1], "step");
      clearTimeout(timer.current);
      timer.current = setTimeout(onRest, REST_AFTER_MS);
    }
  };
  const drags = { onPointerMove: drag, onPointerUp: end, onPointerCancel: end };
  return (
    <div
      role="button"
      data-plan-item
      tabIndex={0}
      aria-label={label}
      data-item={item}
      className={`absolute touch-none select-none ${className}`}
      style={style}
      onPointerDown={(event) => begin(event, onMove)}
      onKeyDown={onKeyDown}
      {...drags}
    >
      {children}
      {onSize && (
        <span
          aria-hidden
          onPointerDown={(event) => begin(event, onSize)}
          {...drags}
          className="absolute end-0 bottom-0 size-6 cursor-nwse-resize rounded-ee-[12px] border-e-4 border-b-4 border-accent rtl:start-auto rtl:end-auto rtl:right-0"
        />
      )}
    </div>
  );
}
