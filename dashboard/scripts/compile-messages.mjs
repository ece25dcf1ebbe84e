/**
 * Reads the texts of a namespace in ICU message format while the dashboard is built, so that no browser has to load what
 * parses them. A loader of Turbopack: next.config.ts says for which files.
 */
import compile from "icu-minify/compile";

/** The same texts under the same keys, each as use-intl's `format-only` says it. */
export function compiled(texts) {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, typeof text === "string" ? compile(text) : compiled(text)]),
  );
}

export default function compileMessages(source) {
  return `export default ${JSON.stringify(compiled(JSON.parse(source)))};`;
}
