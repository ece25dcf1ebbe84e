import { expect, it } from "vitest";
import { tokensOf } from "../../../tests/tokens";
import { subjectOf } from "./subject";

it.each(["5b0c1f6e-5d0a-4d52-9f43-1d1f4a9b6c11", "???>>>~~~"])("reads the person %s", (person) => {
  expect(subjectOf(tokensOf(person).access_token)).toBe(person);
});

it.each(["", "token", "a.b.c", `a.${btoa("null")}.c`, `a.${btoa("{}")}.c`, `a.${btoa('{"sub":7}')}.c`])(
  "reads nobody from %j",
  (token) => {
    expect(subjectOf(token)).toBeNull();
  },
);
