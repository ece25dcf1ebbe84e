import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { answerOf, api, newKey, Problem, type Grant, type Session } from "@/lib/api";
import { floor } from "@/lib/live";

type Headers = { "Idempotency-Key": string };

/**
 * Runs an action under an idempotency key. While it isn't known whether an action was done, it keeps its key, so that
 * pressing again can't do it twice: no answer came, or the server or a proxy before it failed (5xx). After an answer
 * that says, and for any other body, there is a new key. A refusal because somebody else was faster carries the session
 * as it is now, which is shown at once.
 */
function useAction<Body>(run: (body: Body, headers: Headers) => Promise<Session>) {
  const undecided = useRef<{ key: string; body: string } | null>(null);
  return useMutation({
    mutationFn: (body: Body) => {
      const written = JSON.stringify(body);
      if (undecided.current?.body !== written) undecided.current = { key: newKey(), body: written };
      return run(body, { "Idempotency-Key": undecided.current.key });
    },
    onSuccess: (session) => floor.applySession(session),
    onError: (error) => {
      if (error instanceof Problem && error.code === "session.changed" && error.more.session) {
        floor.applySession(error.more.session as Session);
      }
    },
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

/** Adds minutes to a session, wherever its end is by then; within its grace this revives it. */
export function useExtend(sessionId: string) {
  return useAction<{ additional_minutes: number }>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/extend", { ...of(sessionId), body, headers })),
  );
}

/** Ends a session now. */
export function useEnd(sessionId: string) {
  return useAction<{ reason: "manual_stop" }>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/end", { ...of(sessionId), body, headers })),
  );
}

/** What the desk saw when it decided: another version is refused, with what it is now. */
export interface Seen {
  expected_version: number;
}

/** Stops the time; the PC locks. */
export function usePause(sessionId: string) {
  return useAction<Seen>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/pause", { ...of(sessionId), body, headers })),
  );
}

/** Lets the time go on. */
export function useResume(sessionId: string) {
  return useAction<Seen>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/resume", { ...of(sessionId), body, headers })),
  );
}

/** Takes a session to another station. */
export function useMove(sessionId: string) {
  return useAction<Seen & { station_id: string }>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/move", { ...of(sessionId), body, headers })),
  );
}

/** Insists that a PC is open for its session although it doesn't say so. */
export function useConfirm(sessionId: string) {
  return useAction<Seen>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/confirm", { ...of(sessionId), body, headers })),
  );
}

/** Takes an end back. */
export function useReopen(sessionId: string) {
  return useAction<Seen>((body, headers) =>
    answerOf(api.POST("/api/v1/sessions/{session_id}/reopen", { ...of(sessionId), body, headers })),
  );
}

function of(session_id: string) {
  return { params: { path: { session_id } } };
}

/** The time given to a session, in order; undefined until it is known. Each version of a session is read once. */
export function useGrants(session: Session): readonly Grant[] | undefined {
  return useQuery({
    queryKey: ["sessions", session.id, "grants", session.version],
    queryFn: async () =>
      (await answerOf(api.GET("/api/v1/sessions/{session_id}/grants", of(session.id)))).items as Grant[],
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  }).data;
}

const EARLIER = 6;

/** The newest sessions that were on a station, the newest first; read again when `known` there becomes another. */
export function useEarlier(stationId: string, known: Session | null): readonly Session[] | undefined {
  return useQuery({
    queryKey: ["sessions", "at", stationId, known?.id, known?.version],
    queryFn: async () =>
      (await answerOf(api.GET("/api/v1/sessions", { params: { query: { station_id: stationId, limit: EARLIER } } })))
        .items,
    placeholderData: keepPreviousData,
  }).data;
}
