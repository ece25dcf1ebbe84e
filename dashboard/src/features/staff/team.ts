import { useInfiniteQuery, useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useKeyedAction } from "@/lib/action";
import { answerOf, api, credentials } from "@/lib/api";
import type { components } from "@/lib/api/schema";
import { useFreshOn } from "@/lib/live";
import { useMe } from "./queries";

type Schemas = components["schemas"];
export type Member = Schemas["StaffOut"];
type Page = Schemas["Page_StaffOut_"];

const teamKey = ["staff", "team"] as const;
const isOfStaff = (eventType: string): boolean => eventType.startsWith("STAFF_");

/** Everybody of the staff by name, also those who can't sign in any more. An owner's to see. */
export function useTeam() {
  const isOwner = useMe()?.role === "owner";
  useFreshOn(isOfStaff, teamKey);
  return useInfiniteQuery({
    queryKey: teamKey,
    enabled: isOwner,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam: cursor }) =>
      answerOf(
        api.GET("/api/v1/staff", { params: { query: { retired: true, limit: 200, ...(cursor ? { cursor } : {}) } } }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Adds somebody, who can sign in at once. */
export function useAddMember() {
  const queries = useQueryClient();
  return useKeyedAction<Schemas["StaffCreate"], Member>(
    (body, headers) => answerOf(api.POST("/api/v1/staff", { body, headers })),
    { onSuccess: () => void queries.invalidateQueries({ queryKey: teamKey }) },
  );
}

/** Changes somebody's name, role or password, or whether they can sign in. */
export function useChangeMember(staff_id: string) {
  const queries = useQueryClient();
  return useKeyedAction<Schemas["StaffPatch"], Member>(
    (body, headers) =>
      answerOf(api.PATCH("/api/v1/staff/{staff_id}", { params: { path: { staff_id } }, body, headers })),
    {
      onSuccess: (member) => {
        queries.setQueryData<InfiniteData<Page>>(teamKey, (known) => known && withMember(known, member));
        void queries.invalidateQueries({ queryKey: ["staff"] });
      },
    },
  );
}

function withMember(known: InfiniteData<Page>, member: Member): InfiniteData<Page> {
  const pages = known.pages.map((page) => ({
    ...page,
    items: page.items.map((other) => (other.id === member.id ? member : other)),
  }));
  return { ...known, pages };
}

/** Gives whoever is signed in a new password; their other sign-ins end. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (body: Schemas["PasswordChange"]) => answerOf(api.POST("/api/v1/auth/password", { body })),
    onSuccess: (token) => credentials.accept(token),
  });
}

/** Ends every sign-in of whoever is signed in, this one, too. */
export function useSignOutEverywhere() {
  return useMutation({
    mutationFn: () => answerOf(api.POST("/api/v1/auth/logout-all")),
    onSuccess: () => credentials.drop(false),
  });
}
