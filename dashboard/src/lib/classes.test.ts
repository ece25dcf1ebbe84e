import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { twMerge } from "tailwind-merge";
import { expect, it } from "vitest";
import { withoutContradictions } from "./classes";

const source = new URL("..", import.meta.url).pathname;

/** Every word in a text of the components that tailwind-merge knows as a class name, without its conditions. */
function classesInUse(): string[] {
  const words = new Set<string>();
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".tsx") || file.endsWith(".test.tsx")) continue;
    for (const [, text = ""] of readFileSync(join(source, file), "utf8").matchAll(/["'`]([^"'`\n]+)["'`]/g)) {
      for (const word of text.split(/\s+/)) words.add(word.replace(/^.*:(?![^[(]*[\])])/, ""));
    }
  }
  const isKnown = (word: string) => word !== "" && twMerge(`${word} unknown ${word}`) === `unknown ${word}`;
  // Of the shadows that the dashboard names by itself, tailwind-merge can't know that they are shadows.
  return [...words].filter((word) => isKnown(word) && !word.startsWith("shadow-"));
}

it("leaves of any two class names in use what tailwind-merge leaves", () => {
  const classes = classesInUse();
  expect(classes.length).toBeGreaterThan(400);
  const different: string[] = [];
  for (const one of classes) {
    for (const other of classes) {
      const both = `${one} ${other}`;
      if (one !== other && withoutContradictions(both) !== twMerge(both)) different.push(both);
    }
  }
  expect(different).toEqual([]);
});

it.each([
  ["h-8 px-3 max-md:h-11 h-9", "px-3 max-md:h-11 h-9"],
  ["hover:bg-raised bg-line bg-zone", "hover:bg-raised bg-zone"],
  ["md:hover:p-2 hover:md:p-3", "hover:md:p-3"],
  ["data-[state=open]:bg-raised data-[state=open]:bg-zone", "data-[state=open]:bg-zone"],
  ["-mt-1 mt-2 plan plan-map plan", "mt-2 plan plan-map plan"],
  ["shadow-panel shadow-[0_0_0_1px_var(--line)]", "shadow-[0_0_0_1px_var(--line)]"],
  ["size-8 max-md:size-11 max-md:hidden h-7 w-6", "size-8 max-md:size-11 max-md:hidden h-7 w-6"],
  ["", ""],
])("%s becomes %s", (given, left) => expect(withoutContradictions(given)).toBe(left));
