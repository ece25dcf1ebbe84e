import { languageScript } from "@/lib/i18n/language-script";
import type { LanguageCode } from "@/lib/i18n/languages";
import { themeScript } from "@/lib/theme-script";
import type en from "@/messages/en/app.json";

/** How often a page without its server asks whether it is back. */
const EVERY_MS = 3_000;

/** What it says in one language. */
export type Texts = (typeof en)["offline"];

const styles = `
body{margin:0;min-height:100dvh;display:grid;place-items:center;background:var(--plan);color:var(--ink-2);
font:13px/18px "Inter Variable",Inter,"IBM Plex Sans Arabic",system-ui,sans-serif}
main{box-sizing:border-box;width:100%;max-width:408px;padding:16px;text-align:center;text-wrap:pretty}
h1{margin:0;color:var(--ink);font-size:18px;line-height:24px;font-weight:600}
p{margin:8px 0 20px}
button{min-height:44px;padding:0 20px;border:0;border-radius:7px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600}
button:hover{background:var(--accent-hover)}
button:focus-visible{outline:2px solid var(--focus);outline-offset:2px}`;

/** One page that needs nothing beside it: its own styles, its texts in every language, and a script that asks. */
export function offlinePage(tokens: string, texts: Record<LanguageCode, Texts>): string {
  return `<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>GameOps</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<meta name="color-scheme" content="dark light">
<script>${themeScript}</script><script>${languageScript}</script>
<style>${tokens}${styles}</style></head>
<body><main><h1></h1><p role="status"></p><button type="button"></button></main>
<script>${script(texts)}</script></body></html>
`;
}

function script(texts: Record<LanguageCode, Texts>): string {
  const said = JSON.stringify(texts).replaceAll("<", "\\u003c");
  return `(function(){var w=${said}[document.documentElement.lang],b=document.querySelector("button");
document.querySelector("h1").textContent=w.title;document.querySelector("p").textContent=w.text;b.textContent=w.tryNow;
function ask(){return fetch("/health/live",{cache:"no-store"}).then(function(a){
if(a.ok)location.pathname==="/offline.html"?location.replace("/"):location.reload()},function(){})}
b.onclick=function(){b.textContent=w.trying;ask();setTimeout(function(){b.textContent=w.tryNow},800)};
setInterval(ask,${EVERY_MS});addEventListener("online",ask)})()`;
}
