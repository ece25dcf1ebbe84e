import { useQuery } from "@tanstack/react-query";
import { openApi, Unreachable } from "@/lib/api";
import type { components } from "@/lib/api/schema";

export interface Health extends Pick<components["schemas"]["Ready"], "status" | "checks" | "version"> {
  /** How long the server took to say it. */
  milliseconds: number;
}

const EVERY_MS = 5_000;

/** What the server says of itself and its parts, asked again every 5 s. An answer of 503 says what is missing, too. */
export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    refetchInterval: EVERY_MS,
    retry: false,
    queryFn: async (): Promise<Health> => {
      const began = performance.now();
      const { data, error } = await openApi.GET("/health/ready");
      const said: unknown = data ?? error;
      if (!isReady(said)) throw new Unreachable();
      return { ...said, milliseconds: Math.round(performance.now() - began) };
    },
  });
}

function isReady(said: unknown): said is components["schemas"]["Ready"] {
  return typeof said === "object" && said !== null && "status" in said && "checks" in said;
}
