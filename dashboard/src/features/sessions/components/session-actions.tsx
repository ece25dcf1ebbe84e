"use client";

import { Pause, Play } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Session, Station } from "@/lib/api";
import { useLink } from "@/lib/live";
import { useRefusal } from "../changed";
import { usePause, useResume } from "../queries";
import { EndSession } from "./end-session";
import { MoveSession } from "./move-session";

/** What else can be done to a session: stop its time or let it go on, take it elsewhere, end it. */
export function SessionActions({
  station,
  session,
  onMoved,
}: {
  station: Station;
  session: Session;
  onMoved: (stationId: string) => void;
}) {
  const pause = usePause(session.id);
  const resume = useResume(session.id);
  const refusal = useRefusal();
  const { live } = useLink();
  const paused = session.status === "paused";
  const change = paused ? resume : pause;
  const error = pause.error ?? resume.error;

  const press = () => {
    if (pause.isPending || resume.isPending) return;
    pause.reset();
    resume.reset();
    change.mutate({ expected_version: session.version });
  };

  return (
    <div className="grid gap-2">
      <div role="group" aria-label="Actions" className="grid auto-cols-fr grid-flow-col gap-2">
        {session.status !== "pending" && (
          <ActionButton busy={change.isPending} disabled={!live} onClick={press}>
            {!change.isPending && (paused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />)}
            {paused ? "Resume" : "Pause"}
          </ActionButton>
        )}
        <MoveSession station={station} session={session} onMoved={onMoved} />
        <EndSession station={station} session={session} />
      </div>
      {error !== null && (
        <Notice tone="last" role="alert">
          {refusal(error)}
        </Notice>
      )}
    </div>
  );
}

function ActionButton({
  children,
  ...rest
}: {
  children: ReactNode;
  busy: boolean;
  disabled: boolean;
  onClick: () => void;
}) {
  return (
    <Button className="h-10 px-2 max-md:h-12" {...rest}>
      {children}
    </Button>
  );
}
