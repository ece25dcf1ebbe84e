import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { answerOf, api, newKey, Problem, type Session } from "@/lib/api";
import { floor } from "@/lib/live";

/**
 * Runs an action under an idempotency key. While it isn't known whether an action was done, it keeps its key, so that
 * pressing again can't do it twice: no answer came, or the server or a proxy before it failed (5xx). After an answer
 * that says, and for any other body, there is a new key.
 */
function useAction<Body>(run: (body: Body, headers: { "Idempotency-Key": string }) => Promise<Session>) {
  const undecided = useRef<{ key: string; body: string } | null>(null);
  return useMutation({
    mutationFn: (body: Body) => {
      const written = JSON.stringify(body);
      if (undecided.current?.body !== written) undecided.current = { key: newKey(), body: written };
      return run(body, { "Idempotency-Key": undecided.current.key });
    },
    onSuccess: (session) => floor.applySession(session),
    onSettled: (_session, error) => {
      if (error === null || (error instanceof Problem && error.status < 500)) undecided.current = null;
    },
  });
}

export interface StartBody {
  station_id: string;
  duration_minutes: number;
  user_name?: string;
  /** Start although the PC isn't connected. */
  allow_offline: boolean;
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
