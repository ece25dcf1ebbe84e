import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { _createCache, _createIntlFormatters } from "use-intl";
import formatMessage from "use-intl/format-message";
import formatOnly from "use-intl/format-message/format-only";
import { describe, expect, test } from "vitest";
import { compiled } from "../../scripts/compile-messages.mjs";
import { languages } from "@/lib/i18n/languages";
import { load } from ".";
import en from "./en";

const others = languages.map(({ code }) => code).filter((code) => code !== "en");

describe.each(others)("the messages in %s", (code) => {
  test("say everything that English says, with the same values, and nothing else", async () => {
    const theirs = flat(await load[code]());
    const ours = flat(en);
    expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort());
    for (const [key, text] of ours) {
      expect({ key, values: valuesOf(theirs.get(key) ?? "") }).toEqual({ key, values: valuesOf(text) });
    }
  });

  test("are never empty", async () => {
    for (const [key, text] of flat(await load[code]()))
      expect({ key, empty: text.trim() === "" }).toEqual({ key, empty: false });
  });
});

describe.each(languages.map(({ code }) => code))("what the build makes of the messages in %s", (code) => {
  test("says the same as the messages themselves", async () => {
    const texts = flat(await load[code]());
    const built: Record<string, unknown> = compiled(Object.fromEntries(texts));
    for (const [key, text] of texts) {
      for (const values of valuesFor(text)) {
        const ways = [`${code}-u-nu-arab`, values] as const;
        expect({ key, said: said(formatOnly, key, built[key], ...ways) }).toEqual({
          key,
          said: said(formatMessage, key, text, ...ways),
        });
      }
    }
  });
});

const cache = _createCache();
const formatters = _createIntlFormatters(cache);

/** What a formatter of use-intl says, its tags written out. */
function said(format: typeof formatMessage, key: string, message: unknown, locale: string, values: object): string {
  const options = { cache, formatters, locale, timeZone: "UTC" };
  return [format(key, message as string, values as never, options as never)].flat().join("");
}

/** Values for a text: each of its choices with each of some numbers. */
function valuesFor(text: string): Record<string, unknown>[] {
  const choices = new Map<string, Set<string>>();
  const tags = new Map<string, (inner: unknown) => string>();
  const collect = (elements: MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      if (element.type === TYPE.tag) {
        tags.set(element.value, (inner) => `<${element.value}>${[inner].flat().join("")}</>`);
        collect(element.children);
      } else if (element.type === TYPE.select) {
        const options = Object.keys(element.options);
        choices.set(element.value, new Set([...(choices.get(element.value) ?? []), ...options]));
      } else if (!choices.has(element.value)) choices.set(element.value, new Set());
      if ("options" in element) for (const option of Object.values(element.options)) collect(option.value);
    }
  };
  collect(parse(text));
  const most = Math.max(0, ...[...choices.values()].map(({ size }) => size));
  return [0, 1, 2, 3, 11, 100, 1234].flatMap((number) =>
    Array.from({ length: Math.max(1, most) }, (_, index) => ({
      ...Object.fromEntries(tags),
      ...Object.fromEntries(
        [...choices].map(([name, options]) => [name, [...options][index % options.size] ?? number]),
      ),
    })),
  );
}

/** Every text under its dotted key. */
function flat(messages: object, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [inner, text] of flat(value as object, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

/** The names of a text's values and tags, and whether it can be read at all. */
function valuesOf(text: string): string[] {
  const names = new Set<string>();
  const collect = (elements: MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      names.add(element.type === TYPE.tag ? `<${element.value}>` : element.value);
      if (element.type === TYPE.tag) collect(element.children);
      if ("options" in element) for (const option of Object.values(element.options)) collect(option.value);
    }
  };
  collect(parse(text));
  return [...names].sort();
}
