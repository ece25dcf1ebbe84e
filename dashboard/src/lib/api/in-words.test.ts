import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LanguageCode } from "@/lib/i18n";
import { load } from "@/messages";
import { english, spokenIn } from "../../../tests/words";
import { inWords } from "./in-words";
import { Problem, readProblem, Unreachable } from "./problem";

const words = english("errors");
const said = (error: unknown) => inWords(error, words, "en");

describe("in English", () => {
  it("says what the server said", () => {
    const detail = "Station PC-03 is already in session with Deniz. End it or choose another station.";
    expect(said(readProblem(409, { code: "session.station_busy", detail }, null))).toBe(detail);
  });

  it("says when to try again", () => {
    expect(said(readProblem(429, { detail: "rate limited" }, "30"))).toBe("Too many tries. Try again in 30 s.");
    expect(said(readProblem(429, {}, "600"))).toBe("Too many tries. Try again in 10 min.");
    expect(said(readProblem(503, {}, null))).toBe("The server is busy. Wait a moment, then try again.");
  });

  it("names the field where there is no sentence", () => {
    const problem = readProblem(422, { errors: [{ field: "user_name", message: "At most 80 characters." }] }, null);
    expect(said(problem)).toBe("user_name: At most 80 characters.");
  });

  it("says what to do when nothing came back", () => {
    expect(said(new Unreachable())).toBe("The server can't be reached. Check the network, then try again.");
  });

  it.each([403, 404, 500, 502])("never answers with the bare number %i", (status) => {
    const words = said(new Problem(status, null, null, {}, null));
    expect(words).toMatch(/^[A-Z].+\./);
    expect(words).not.toBe(String(status));
  });

  it("admits a fault of its own", () => {
    expect(said(new TypeError("x is undefined"))).toBe("This page stumbled. Reload it, then try again.");
  });
});

describe.each(["es", "tr", "ar"] satisfies LanguageCode[])("in %s", (language) => {
  it("says what is known by its code, and quotes what isn't", async () => {
    const theirs = await spokenIn(language, "errors");
    const detail = "Station PC-03 is already in session with Deniz.";
    const busy = inWords(readProblem(409, { code: "session.station_busy", detail }, null), theirs, language);
    expect(busy).toBe((await load[language]()).errors.codes.session.station_busy);
    const unknown = inWords(readProblem(409, { code: "of.tomorrow", detail }, null), theirs, language);
    expect(unknown).toMatch(new RegExp(`: [«“]\u2068?${detail}\u2069?[»”]$`));
  });
});

it("has a sentence for every code of the reference that somebody at a desk can meet", () => {
  const reference = readFileSync("../docs/reference/errors.md", "utf8");
  const codes = [...reference.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, code]) => code ?? "");
  const elsewhere = /^(agent\..*|auth\.origin|method_not_allowed)$/;
  const missing = codes.filter((code) => !elsewhere.test(code) && !words.has(`codes.${code}` as "codes.internal"));
  expect(codes.length).toBeGreaterThan(40);
  expect(missing).toEqual([]);
});
