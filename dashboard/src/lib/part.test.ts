import { expect, it, vi } from "vitest";
import { eventually } from "../../tests/eventually";
import { loadAtLeisure, partOf } from "./part";

it("fetches a part once, however often it is asked for", async () => {
  const fetch = vi.fn(() => Promise.resolve("here"));
  const part = partOf(fetch);
  expect(part.get()).toEqual({ value: null, failed: false });
  await Promise.all([part.load(), part.load()]);
  await part.load();
  expect(part.get()).toEqual({ value: "here", failed: false });
  expect(fetch).toHaveBeenCalledOnce();
});

it("says that a part didn't come, and fetches it anew when it is asked for again", async () => {
  const fetch = vi.fn().mockRejectedValueOnce(new Error("404")).mockResolvedValue("here");
  const part = partOf<string>(fetch);
  await part.load();
  expect(part.get()).toEqual({ value: null, failed: true });
  await part.load();
  expect(part.get()).toEqual({ value: "here", failed: false });
});

it("fetches everything at leisure, what fails and what is known of only later too", async () => {
  const before = [partOf(() => Promise.resolve(1)), partOf(() => Promise.reject(new Error("gone")))];
  loadAtLeisure();
  await eventually(() => before[0]?.get().value === 1 && before[1]?.get().failed === true);
  const after = partOf(() => Promise.resolve(3));
  await eventually(() => after.get().value === 3);
});
