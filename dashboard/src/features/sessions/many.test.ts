import { expect, it } from "vitest";
import { Problem, Unreachable } from "@/lib/api";
import { aSession, aStation } from "../../../tests/floor";
import { Keys } from "./keys";
import { forEach, namesOf } from "./many";

const entry = (name: string) => ({ station: aStation({ id: name, name }), session: aSession(600) });
const three = ["PC-01", "PC-02", "PC-03"].map(entry);

it("does it to each, and a refusal holds up no other", async () => {
  const outcome = await forEach(three, async ({ station }) => {
    if (station.name === "PC-02") throw new Problem(409, "session.ended", "It has ended.", {}, null);
  });
  expect(outcome.done.map(({ station }) => station.name)).toEqual(["PC-01", "PC-03"]);
  expect(outcome.failed.map(({ entry: { station } }) => station.name)).toEqual(["PC-02"]);
});

it("keeps a key until it is known what became of it", async () => {
  const keys = new Keys();
  const used: string[] = [];
  const run = (error: unknown) => async (key: string) => {
    used.push(key);
    if (error) throw error;
  };
  await keys.under("end PC-01", run(new Unreachable())).catch(() => undefined);
  await keys.under("end PC-01", run(new Problem(503, null, null, {}, null))).catch(() => undefined);
  await keys.under("end PC-01", run(null));
  await keys.under("end PC-01", run(new Problem(409, null, null, {}, null))).catch(() => undefined);
  await keys.under("end PC-01", run(null));
  expect([used[0] === used[1], used[1] === used[2], used[2] === used[3], used[3] === used[4]]).toEqual([
    true, true, false, false,
  ]); // prettier-ignore
});

it("names whom, and of very many only the first", () => {
  const plain = (text: string) => text.replace(/[\u2068\u2069]/g, "");
  expect(plain(namesOf(three, "en", String))).toBe("PC-01, PC-02, and PC-03");
  const many = Array.from({ length: 20 }, (_, index) => entry(`S${index}`));
  expect(plain(namesOf(many, "en", (count) => `${count} more`))).toMatch(/S6, and 13 more$/);
});
