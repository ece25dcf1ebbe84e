/**
 * Hashes every inline script of the export and writes them to out/csp.json, so that the backend can send a
 * Content-Security-Policy without 'unsafe-inline'. `next build` wipes out/, so this runs after every build.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const out = fileURLToPath(new URL("../out/", import.meta.url));
const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi;

const pages = (await readdir(out, { recursive: true })).filter((name) => name.endsWith(".html"));
if (pages.length === 0) throw new Error("out/ holds no page. Run `npm run build` first.");

const hashes = new Set();
for (const page of pages) {
  const html = await readFile(join(out, page), "utf8");
  for (const [, script] of html.matchAll(inlineScript)) {
    if (script) hashes.add(`'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  }
}
await writeFile(join(out, "csp.json"), JSON.stringify({ "script-src": [...hashes].sort() }, null, 2) + "\n");
process.stdout.write(`csp.json: ${hashes.size} inline scripts in ${pages.length} pages\n`);
