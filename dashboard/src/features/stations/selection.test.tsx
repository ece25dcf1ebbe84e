// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { SearchParamsContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import { expect, it } from "vitest";
import { useSelection } from "./selection";

it("goes back from a station only while that one is open still", () => {
  const { result } = renderHook(useSelection, {
    wrapper: ({ children }) => (
      <SearchParamsContext.Provider value={new URLSearchParams()}>{children}</SearchParamsContext.Provider>
    ),
  });
  const open = () => new URL(location.href).searchParams.get("station");
  const select = (id: string | null, instead?: string) => act(() => result.current[1](id, instead));
  select("to");
  select("from", "to");
  expect(open()).toBe("from");
  select("other");
  select("from", "to");
  expect(open()).toBe("other");
  select(null);
  select("from", "to");
  expect(open()).toBeNull();
});
