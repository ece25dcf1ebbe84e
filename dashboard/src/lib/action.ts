import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey, Problem } from "@/lib/api";

export type KeyHeader = { "Idempotency-Key": string };

/**
 * Runs an action under an idempotency key. While it isn't known whether an action was done, it keeps its key, so that
 * pressing again can't do it twice: no answer came, or the server or a proxy before it failed (5xx). After an answer
 * that says, and for any other body, there is a new key.
 */
export function useKeyedAction<Body, Answer>(
  run: (body: Body, headers: KeyHeader) => Promise<Answer>,
  { onSuccess, onError }: { onSuccess?: (answer: Answer, body: Body) => void; onError?: (error: Error) => void } = {},
) {
  const undecided = useRef<{ key: string; body: string } | null>(null);
  return useMutation({
    mutationFn: (body: Body) => {
      const written = JSON.stringify(body);
      if (undecided.current?.body !== written) undecided.current = { key: newKey(), body: written };
      return run(body, { "Idempotency-Key": undecided.current.key });
    },
    onSuccess: (answer, body) => onSuccess?.(answer, body),
    onError: (error) => onError?.(error),
    onSettled: (_answer, error) => {
      if (error === null || (error instanceof Problem && error.status < 500)) undecided.current = null;
    },
  });
}
