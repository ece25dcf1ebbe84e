import { useEffect, useState, type ComponentType, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { lookForNewer } from "@/lib/build";
import { useWords } from "@/lib/i18n";

type Loaded<P> = { default: ComponentType<P> };

const all: (() => Promise<unknown>)[] = [];

/**
 * A component whose code is fetched when it is first drawn, or before by `fetchLater`. Unlike React's `lazy` it can be
 * tried again: its code may be out of reach for a while, or gone with the build that this page is of.
 */
export function later<P extends object>(load: () => Promise<Loaded<P>>, waiting: ReactNode = null): ComponentType<P> {
  let Ready: ComponentType<P> | null = null;
  const fetched = async () => {
    Ready = (await load()).default;
  };
  all.push(fetched);

  return function Later(props: P) {
    const [state, setState] = useState<"waiting" | "ready" | "missing">(Ready === null ? "waiting" : "ready");
    useEffect(() => {
      if (state !== "waiting") return;
      let wanted = true;
      const settle = (next: "ready" | "missing") => () => wanted && setState(next);
      void fetched().then(settle("ready"), settle("missing"));
      return () => {
        wanted = false;
      };
    }, [state]);
    if (Ready !== null) return <Ready {...props} />;
    return state === "missing" ? <Missing onRetry={() => setState("waiting")} /> : waiting;
  };
}

/** Fetches all that comes later, so that it is there when it is wanted, and still when the server has a newer build. */
export async function fetchLater(): Promise<void> {
  for (const fetched of all) await fetched().catch(() => undefined);
}

function Missing({ onRetry }: { onRetry: () => void }) {
  const words = useWords("app");
  useEffect(() => void lookForNewer(), []);
  return (
    <Notice tone="soon" role="alert" className="m-3">
      <p>{words("missing.text")}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button onClick={onRetry}>{words("missing.retry")}</Button>
        <Button onClick={() => location.reload()}>{words("reload")}</Button>
      </div>
    </Notice>
  );
}
