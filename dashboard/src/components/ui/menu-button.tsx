"use client";

import { useId, useRef, useState, type ReactNode, type RefObject } from "react";
import type { Later } from "./later";

export interface MenuOfButton {
  open: boolean;
  onClose: () => void;
  /** The button's id, by which the menu is named. */
  named: string;
  /** Where the focus goes back to. */
  button: RefObject<HTMLButtonElement | null>;
}

/** A button of every page, whose menu (a `ButtonMenu`) is loaded after the first paint. */
export function MenuButton({
  Menu,
  label,
  className,
  children,
}: {
  Menu: Later<MenuOfButton>;
  label?: string;
  className: string;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const there = Menu.useIsThere();
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button
        ref={button}
        id={id}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-state={open ? "open" : "closed"}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          setOpen(true);
        }}
        className={className}
      >
        {children}
      </button>
      {(open || there) && <Menu open={open} onClose={() => setOpen(false)} named={id} button={button} />}
    </>
  );
}
