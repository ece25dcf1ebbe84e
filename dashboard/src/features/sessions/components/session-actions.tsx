"use client";

import { ArrowLeftRight, MessageSquare, Pause, Play, Square, type LucideIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import { KeyHint } from "@/components/ui/key-hint";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
import { useSingleKeys } from "@/lib/keys";
import { useLink } from "@/lib/live";
import { useBusy } from "../acting";
import { ask } from "../asked";
import { startMoving } from "../moving";
import { useDesk } from "../speech";

/** What else can be done to a session: stop its time or let it go on, take it elsewhere, say something, end it. */
export function SessionActions({ station, session }: { station: Station; session: Session }) {
  const words = useWords("sessions");
  const { pause, resume } = useDesk();
  const paused = session.status === "paused";
  const reachable = station.driver === "agent" && station.connected;
  return (
    <div
      role="group"
      aria-label={words("actions.label")}
      className="grid grid-cols-2 gap-2 [&>:last-child:nth-child(odd)]:col-span-2"
    >
      {session.status !== "pending" && (
        <Action
          station={station.id}
          hint="P"
          Icon={paused ? Play : Pause}
          onClick={() => void (paused ? resume(session) : pause(session))}
        >
          {words(paused ? "actions.resume" : "actions.pause")}
        </Action>
      )}
      <Action station={station.id} hint="M" Icon={ArrowLeftRight} onClick={() => startMoving(session)}>
        {words("actions.move")}
      </Action>
      {reachable && (
        <Action
          station={station.id}
          hint="T"
          Icon={MessageSquare}
          onClick={() => ask({ what: "message", station: station.id })}
        >
          {words("actions.message")}
        </Action>
      )}
      <Action
        danger
        station={station.id}
        hint="E"
        Icon={Square}
        onClick={() => ask({ what: "end", station: station.id })}
      >
        {words("actions.end")}
      </Action>
    </div>
  );
}

function Action({
  station,
  hint,
  Icon,
  danger = false,
  onClick,
  children,
}: {
  station: string;
  hint: string;
  Icon: LucideIcon;
  danger?: boolean;
  onClick: () => void;
  children: string;
}) {
  const { live } = useLink();
  const busy = useBusy(station);
  const [keys] = useSingleKeys();
  return (
    <Button
      variant={danger ? "danger-quiet" : "quiet"}
      disabled={!live}
      aria-busy={busy || undefined}
      aria-keyshortcuts={keys ? hint : undefined}
      className="h-10 px-2 max-md:h-12"
      onClick={onClick}
    >
      <Icon size={14} aria-hidden />
      {children}
      {keys && <KeyHint keys={hint} className={danger ? "" : "text-ink-3"} />}
    </Button>
  );
}
