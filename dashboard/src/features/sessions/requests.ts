import { answerOf, api, type Grant, type Session } from "@/lib/api";
import type { Headers } from "./acting";

interface Seen {
  expected_version: number;
}

const of = (session_id: string) => ({ params: { path: { session_id } } });

/** The API's actions on sessions, one each. */
export const requests = {
  start: (body: { station_id: string; duration_minutes: number; user_name?: string; allow_offline: boolean }) =>
    ((headers) => answerOf(api.POST("/api/v1/sessions", { body, headers }))) satisfies Run,
  extend: (id: string, body: Seen & { additional_minutes: number }) =>
    ((headers) =>
      answerOf(api.POST("/api/v1/sessions/{session_id}/extend", { ...of(id), body, headers }))) satisfies Run,
  correct: (id: string, body: Seen & { seconds: number; reason: string; reverses_grant_id?: string }) =>
    ((headers) =>
      answerOf(api.POST("/api/v1/sessions/{session_id}/correct", { ...of(id), body, headers }))) satisfies Run,
  end: (id: string, body: Seen & { reason: "manual_stop" }) =>
    ((headers) => answerOf(api.POST("/api/v1/sessions/{session_id}/end", { ...of(id), body, headers }))) satisfies Run,
  move: (id: string, body: Seen & { station_id: string }) =>
    ((headers) => answerOf(api.POST("/api/v1/sessions/{session_id}/move", { ...of(id), body, headers }))) satisfies Run,
  pause: (id: string, body: Seen) =>
    ((headers) =>
      answerOf(api.POST("/api/v1/sessions/{session_id}/pause", { ...of(id), body, headers }))) satisfies Run,
  resume: (id: string, body: Seen) =>
    ((headers) =>
      answerOf(api.POST("/api/v1/sessions/{session_id}/resume", { ...of(id), body, headers }))) satisfies Run,
  confirm: (id: string, body: Seen) =>
    ((headers) =>
      answerOf(api.POST("/api/v1/sessions/{session_id}/confirm", { ...of(id), body, headers }))) satisfies Run,
  reopen: (id: string, body: Seen) =>
    ((headers) =>
      answerOf(api.POST("/api/v1/sessions/{session_id}/reopen", { ...of(id), body, headers }))) satisfies Run,
};

type Run = (headers: Headers) => Promise<Session>;

export async function grantsOf(sessionId: string): Promise<readonly Grant[]> {
  return (await answerOf(api.GET("/api/v1/sessions/{session_id}/grants", of(sessionId)))).items as Grant[];
}
