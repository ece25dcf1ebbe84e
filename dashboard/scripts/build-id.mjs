/**
 * The name of a build: a hash of everything that goes into it, so that building the same sources again is no new
 * version to the desks that are open.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";

const FILES = ["next.config.ts", "package-lock.json", "postcss.config.mjs", "scripts/compile-messages.mjs"];
const FOLDERS = ["public", "src"];
const NOT_IN_IT = /\.test\.tsx?$/;

export async function buildId(root) {
  const inFolders = await Promise.all(FOLDERS.map((folder) => filesIn(root, folder)));
  const paths = [...FILES, ...inFolders.flat()].filter((path) => !NOT_IN_IT.test(path)).sort();
  const hash = createHash("sha256");
  for (const path of paths) {
    const content = await readFile(join(root, path));
    hash.update(`${path.split(sep).join("/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 20);
}

async function filesIn(root, folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}
