import { expect, it } from "vitest";
import { readablePassword, SHORTEST_PASSWORD } from "./passwords";

it("makes passwords that can be read out, each another", () => {
  const made = Array.from({ length: 50 }, readablePassword);
  for (const password of made) expect(password).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}$/);
  expect(new Set(made).size).toBe(made.length);
  expect(made[0]?.length).toBeGreaterThan(SHORTEST_PASSWORD);
});
