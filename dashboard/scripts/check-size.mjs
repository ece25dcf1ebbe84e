/**
 * Adds up, for each page of the export, the scripts that a browser loads before the page works, compressed as they are
 * sent, and fails when a page is over its budget. What is loaded later, such as a language's texts, isn't in it.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const KIB = 1024;
/** In KiB. A page that isn't named has the budget of `other`. */
export const budgets = { "/": 200, other: 200 };

const source = /<script\b[^>]*\ssrc="(\/_next\/[^"]+)"[^>]*>/g;
const legacy = /\snomodule\b/i;

/** The scripts of a page that a browser of today loads with it. */
export function scriptsOf(html) {
  return [...new Set([...html.matchAll(source)].filter(([tag]) => !legacy.test(tag)).map(([, path]) => path))];
}

/** Each page with its size and budget in KiB, the largest first. */
export async function sizesOf(out) {
  const known = new Map();
  const sizeOf = async (path) => {
    if (!known.has(path)) known.set(path, gzipSync(await readFile(join(out, decodeURI(path))), { level: 6 }).length);
    return known.get(path);
  };
  const pages = (await readdir(out, { recursive: true })).filter((name) => name.endsWith("index.html"));
  const sizes = [];
  for (const page of pages) {
    const route = `/${page.slice(0, -"index.html".length)}`;
    const scripts = scriptsOf(await readFile(join(out, page), "utf8"));
    const parts = await Promise.all(scripts.map(sizeOf));
    const size = parts.reduce((total, part) => total + part, 0) / KIB;
    sizes.push({ route, size, budget: budgets[route] ?? budgets.other });
  }
  return sizes.sort((one, other) => other.size - one.size);
}

/** The sizes as a table, and the pages that are over. */
export function report(sizes) {
  const lines = sizes.map(
    ({ route, size, budget }) => `${route.padEnd(24)}${size.toFixed(1).padStart(8)} of ${budget} KiB`,
  );
  const over = sizes.filter(({ size, budget }) => size > budget).map(({ route }) => route);
  return { lines, over };
}

async function main() {
  const sizes = await sizesOf(fileURLToPath(new URL("../out/", import.meta.url)));
  if (sizes.length === 0) throw new Error("out/ holds no page. Run `npm run build` first.");
  const { lines, over } = report(sizes);
  process.stdout.write(`first-load JavaScript, gzip\n${lines.join("\n")}\n`);
  if (over.length === 0) return;
  process.stderr.write(`Over the budget: ${over.join(", ")}. Load something of it later, or leave it out.\n`);
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
