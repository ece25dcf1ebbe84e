import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { offlinePage, type Texts } from "@/lib/build/offline-page";
import type { LanguageCode } from "@/lib/i18n/languages";

export const dynamic = "force-static";

/** Written once, by the build: the page that the service worker keeps. It has what it shows within itself. */
export async function GET(): Promise<Response> {
  const [tokens, en, es, tr, ar] = await Promise.all([
    source("app/tokens.css"),
    textsIn("en"),
    textsIn("es"),
    textsIn("tr"),
    textsIn("ar"),
  ]);
  const page = offlinePage(tokens, { en, es, tr, ar });
  return new Response(page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function textsIn(language: LanguageCode): Promise<Texts> {
  const { offline } = JSON.parse(await source(`messages/${language}/app.json`)) as { offline: Texts };
  return offline;
}

function source(path: string): Promise<string> {
  return readFile(join(process.cwd(), "src", path), "utf8");
}
