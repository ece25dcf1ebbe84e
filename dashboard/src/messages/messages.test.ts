import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import { describe, expect, test } from "vitest";
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
