"use client";

import { ArrowLeftRight, MessageSquare, Pause, Play, Square, type LucideIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Session, Station } from "@/lib/api";
import { useWords } from "@/lib/i18n";
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
    <div role="group" aria-label={words("actions.label")} className="flex flex-wrap gap-2">
      {session.status !== "pending" && (
        <Action
          station={station.id}
          Icon={paused ? Play : Pause}
          onClick={() => void (paused ? resume(session) : pause(session))}
        >
          {words(paused ? "actions.resume" : "actions.pause")}
        </Action>
      )}
      <Action station={station.id} Icon={ArrowLeftRight} onClick={() => startMoving(session)}>
        {words("actions.move")}
      </Action>
      {reachable && (
        <Action station={station.id} Icon={MessageSquare} onClick={() => ask({ what: "message", station: station.id })}>
          {words("actions.message")}
        </Action>
      )}
      <Action danger station={station.id} Icon={Square} onClick={() => ask({ what: "end", station: station.id })}>
        {words("actions.end")}
      </Action>
    </div>
  );
}

function Action({
  station,
  Icon,
  danger = false,
  onClick,
  children,
}: {
  station: string;
  Icon: LucideIcon;
  danger?: boolean;
  onClick: () => void;
  children: string;
}) {
  const { live } = useLink();
  const busy = useBusy(station);
  return (
    <Button
      variant={danger ? "danger-quiet" : "quiet"}
      disabled={!live}
      aria-busy={busy || undefined}
      className="h-10 flex-1 px-2 max-md:h-12"
      onClick={onClick}
    >
      <Icon size={14} aria-hidden />
      {children}
    </Button>
  );
}
