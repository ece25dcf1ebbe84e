import { beforeEach, expect, it } from "vitest";
import { clearPicked, pickAlso, picked, pickOnly, pickTo, setPicking, togglePicked } from "./picked";

const shown = ["a", "b", "c", "d"];
const ids = () => [...picked.get().ids].sort().join("");

beforeEach(clearPicked);

it("picks one and lets go of it again", () => {
  togglePicked("b");
  expect(ids()).toBe("b");
  togglePicked("b");
  expect(ids()).toBe("");
});

it("picks a range from the one before, either way round", () => {
  togglePicked("c");
  pickTo("a", shown);
  expect(ids()).toBe("abc");
  pickTo("d", shown);
  expect(ids()).toBe("abcd");
});

it("picks more, exactly some, and nothing any more when picking ends", () => {
  setPicking(true);
  pickAlso(["a", "b"]);
  pickOnly(["d"]);
  expect([ids(), picked.get().picking]).toEqual(["d", true]);
  setPicking(false);
  expect([ids(), picked.get().picking]).toEqual(["", false]);
});
