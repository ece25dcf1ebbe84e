import { useMutation, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { answerOf, api, credentials, openApi, type Identity, type SignedIn } from "@/lib/api";
import { useFreshOn } from "@/lib/live";

const keys = { me: ["staff", "me"] as const };

/** Whether somebody is signed in at this browser. */
export function useSignedIn(): SignedIn {
  return useSyncExternalStore(credentials.subscribe, credentials.get, credentials.get);
}

/** Who is signed in; undefined until the server has said so. */
export function useMe(): Identity | undefined {
  return useQuery({ queryKey: keys.me, queryFn: () => answerOf(api.GET("/api/v1/auth/me")), staleTime: 300_000 }).data;
}

/** Keeps name and role of who is signed in as they are on the server. A new role also renews the live connection. */
export function useMeNews(): void {
  useFreshOn(isOfStaff, keys.me);
}

const isOfStaff = (eventType: string): boolean => eventType === "STAFF_UPDATED";

/** Whether the person who is signed in may start, extend and end sessions. A viewer only reads. */
export function useMayRunSessions(): boolean {
  const role = useMe()?.role;
  return role !== undefined && role !== "viewer";
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { username: string; password: string }) =>
      answerOf(openApi.POST("/api/v1/auth/login", { body })),
    onSuccess: (answer) => credentials.accept(answer),
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => answerOf(api.POST("/api/v1/auth/logout")),
    onSuccess: () => credentials.drop(false),
  });
}

/** Whether they may change stations, zones and the venue: a manager's and an owner's business. */
export function useMayManage(): boolean {
  const role = useMe()?.role;
  return role === "manager" || role === "owner";
}
