"use client";

import { X } from "lucide-react";
import { useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from "react";
import { lookForNewer } from "@/lib/build";
import { useWords } from "@/lib/i18n";
import { partOf, type Part } from "@/lib/part";
import { Button } from "./button";
import { IconButton } from "./icon-button";
import { Notice } from "./notice";

const TRY_AGAIN_MS = 4_000;

export interface Later<Props> {
  /** A property `onClose` is called, too, when somebody gives up waiting for it. */
  (props: Props): ReactNode;
  /** Fetches it before it is drawn. */
  load: () => Promise<void>;
  /** Whether it is there, which it may become at any time. */
  useIsThere: () => boolean;
}

/** In place of a dialog that is about to open: the keys that are pressed now are meant for it, and not for the desk. */
export const asDialog = <span hidden data-modal="" />;

/**
 * A component whose code is fetched when it is first drawn, or before that at leisure (lib/part). Unlike React's `lazy`
 * it never waits once it is there, and is tried again: its code may be out of reach for a while, or gone with the build
 * that this page is of.
 */
export function later<Props extends object>(
  fetch: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): Later<Props> {
  const part = partOf(fetch);

  function Drawn(props: Props) {
    const { value: Component, failed } = usePart(part);
    const there = Component !== null;
    useEffect(() => (there ? undefined : keepLoading(part)), [there]);
    if (Component) return <Component {...props} />;
    return failed ? <Missing onRetry={() => void part.load()} onClose={wayOut(props)} /> : waiting;
  }
  return Object.assign(Drawn, { load: part.load, useIsThere: () => usePart(part).value !== null });
}

function usePart<T>(part: Part<T>) {
  return useSyncExternalStore(part.subscribe, part.get, part.get);
}

/** Fetches a part until it is there, or until the returned function is called. */
function keepLoading(part: Part<unknown>): () => void {
  void part.load();
  const timer = setInterval(() => void part.load(), TRY_AGAIN_MS);
  return () => clearInterval(timer);
}

function wayOut({ onClose }: { onClose?: unknown }): (() => void) | null {
  return typeof onClose === "function" ? () => void onClose() : null;
}

/** Over the foot of the page, wherever the part would have been. */
function Missing({ onRetry, onClose }: { onRetry: () => void; onClose: (() => void) | null }) {
  const [words, common] = [useWords("app"), useWords("common")];
  useEffect(() => void lookForNewer(), []);
  return (
    <div className="fixed inset-x-4 bottom-4 z-50 mx-auto max-w-[440px] rounded-[8px] bg-zone shadow-dialog max-md:bottom-20 light:bg-surface">
      <Notice
        tone="soon"
        role="alert"
        action={onClose && <IconButton label={common("close")} Icon={X} onClick={onClose} className="-me-2 -mt-1.5" />}
      >
        <p>{words("missing.text")}</p>
        <div className="mt-2 flex flex-wrap gap-2">
          <Button onClick={onRetry}>{words("missing.retry")}</Button>
          <Button onClick={() => location.reload()}>{words("reload")}</Button>
        </div>
      </Notice>
    </div>
  );
}
