import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { answerOf, api, newKey, Unreachable, type Session } from "@/lib/api";
import { floor } from "@/lib/live";

/**
 * Runs an action under an idempotency key. An action that got no answer keeps its key, so pressing again can't do it
 * twice; any answer, and any other body, gets a new one.
 */
function useAction<Body>(run: (body: Body, headers: { "Idempotency-Key": string }) => Promise<Session>) {
  const unanswered = useRef<{ key: string; body: string } | null>(null);
  return useMutation({
    mutationFn: (body: Body) => {
      const written = JSON.stringify(body);
      if (unanswered.current?.body !== written) unanswered.current = { key: newKey(), body: written };
      return run(body, { "Idempotency-Key": unanswered.current.key });
    },
    onSuccess: (session) => floor.applySession(session),
    onSettled: (_session, error) => {
      if (!(error instanceof Unreachable)) unanswered.current = null;
    },
  });
}

export interface StartBody {
  station_id: string;
  duration_minutes: number;
  user_name?: string;
}

/** Starts a session; on a PC its time begins when the PC has opened. */
export function useStart() {
  return useAction<StartBody>((body, headers) => answerOf(api.POST("/api/v1/sessions", { body, headers })));
}

/** Adds minutes to a session, wherever its end is by then. */
export function useExtend(sessionId: string) {
  return useAction<{ additional_minutes: number }>((body, headers) =>
    answerOf(
      api.POST("/api/v1/sessions/{session_id}/extend", { params: { path: { session_id: sessionId } }, body, headers }),
    ),
  );
}

/** Ends a session now. */
export function useEnd(sessionId: string) {
  return useAction<{ reason: "manual_stop" }>((body, headers) =>
    answerOf(
      api.POST("/api/v1/sessions/{session_id}/end", { params: { path: { session_id: sessionId } }, body, headers }),
    ),
  );
}
