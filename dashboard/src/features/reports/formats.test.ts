import { createTranslator } from "use-intl";
import { expect, test } from "vitest";
import { languages } from "@/lib/i18n";
import { load } from "@/messages";
import { formatsOf, NOT_KNOWN } from "./formats";

test.each(languages.map(({ code }) => code))("a share is a number with its sign in %s", async (locale) => {
  const words = createTranslator({ locale, messages: await load[locale](), namespace: "reports" });
  const { percent } = formatsOf("en-GB", words);
  expect(percent(0.584)).toMatch(/58/);
  expect(percent(0.584)).toMatch(/%|٪/);
  expect(percent(0.584)).not.toMatch(/[<>]|units/);
  expect(percent(null)).toBe(NOT_KNOWN);
});
