import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { report, scriptsOf, sizesOf } from "../scripts/check-size.mjs";

let out: string;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "export-"));
  await mkdir(join(out, "_next"));
  await mkdir(join(out, "stations"));
});

afterEach(() => rm(out, { recursive: true }));

/** A page with these scripts, of so many KiB that don't compress each. */
async function page(name: string, scripts: Record<string, number>): Promise<void> {
  for (const [script, size] of Object.entries(scripts)) {
    await writeFile(join(out, "_next", script), randomBytes(size * 1024));
  }
  const tags = Object.keys(scripts).map((script) => `<script src="/_next/${script}" async=""></script>`);
  await writeFile(join(out, name), tags.join(""));
}

it("adds up what a page loads, and names the pages that are over their budget", async () => {
  await page("index.html", { "a.js": 150, "b.js": 60 });
  await page("stations/index.html", { "c.js": 100 });
  const sizes = await sizesOf(out);
  expect(sizes.map(({ route, size }) => [route, Math.round(size)])).toEqual([
    ["/", 210],
    ["/stations/", 100],
  ]);
  expect(report(sizes).over).toEqual(["/"]);
  expect(report(sizes).lines[0]).toContain("210.");
});

it("counts a script once, and none that only old browsers load", () => {
  const html = `<script src="/_next/a.js"></script><script src="/_next/a.js"></script>
    <script src="/_next/old.js" noModule=""></script><script>inline()</script>`;
  expect(scriptsOf(html)).toEqual(["/_next/a.js"]);
});
