"use client";

import { useEffect, useState, type ReactNode } from "react";
import { TriangleAlert } from "lucide-react";
import { nudgeLive, useLink, useNow, useStationIds } from "@/lib/live";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { useTimeWords } from "@/lib/time";

/** A short break is nothing to read about; the pill and the actions show it at once. */
const BANNER_AFTER_SECONDS = 1;
/** The first connection may take longer, and nothing is on the screen yet that could be old. */
const FIRST_AFTER_SECONDS = 4;

/** Whether what is on the screen is being kept up to date. */
export function LivePill() {
  const { live } = useLink();
  const words = useWords("stations");
  return (
    <span role="status" className="flex items-center gap-1.5 text-[12px]/4 whitespace-nowrap text-ink-2">
      <span
        aria-hidden
        className={cn(
          "size-2 rounded-full",
          live ? "bg-ok shadow-[0_0_0_3px_color-mix(in_srgb,var(--ok)_22%,transparent)]" : "bg-soon",
        )}
      />
      {words(live ? "link.live" : "link.notLive")}
    </span>
  );
}

/** Takes the place of the counts, its children, while there is no connection. */
export function ConnectionRow({ children }: { children: ReactNode }) {
  const { live, since } = useLink();
  const words = useWords("stations");
  const lengths = useTimeWords();
  const seconds = useNow((now) => (live ? 0 : Math.max(0, Math.round((now - since) / 1000))));
  const after = useStationIds() === null ? FIRST_AFTER_SECONDS : BANNER_AFTER_SECONDS;
  if (live || seconds < after) return children;
  return (
    <div className="connection-row flex h-full items-center gap-3 bg-soon-soft px-4 shadow-[inset_0_-1px_0_var(--soon-line)] max-md:py-2">
      <TriangleAlert size={16} aria-hidden className="shrink-0 text-soon" />
      <p className="min-w-0 flex-1 text-pretty">
        {/* Read out once, not once a second. */}
        <span role="alert">
          {words.rich("link.lost", {
            duration: lengths.ago(seconds),
            time: (text) => <span aria-hidden>{text}</span>,
          })}
        </span>{" "}
        <span className="connection-row-more text-ink-2 max-lg:hidden">{words("link.more")}</span>
        <span className="text-ink-2 lg:hidden">{words("link.less")}</span>
      </p>
      <TryNow />
    </div>
  );
}

function TryNow() {
  const words = useWords("stations");
  const [tried, setTried] = useState(false);
  useEffect(() => {
    if (!tried) return;
    const timer = setTimeout(() => setTried(false), 800);
    return () => clearTimeout(timer);
  }, [tried]);
  return (
    <button
      type="button"
      onClick={() => {
        setTried(true);
        nudgeLive();
      }}
      className="h-[30px] shrink-0 rounded-[7px] border border-soon-line px-3 font-semibold hover:bg-surface max-md:h-11"
    >
      {words(tried ? "link.trying" : "link.tryNow")}
    </button>
  );
}
