/**
 * What a desk sees that is loaded while the server is away: a page that says so, instead of the browser's own error.
 * Nothing else is kept, so no old version is ever shown. The address names the build, and each has its own worker.
 */
const KEPT = "gameops-";
const cacheName = KEPT + new URL(self.location.href).searchParams.get("build");
const OFFLINE = "/offline.html";
const NOT_A_PAGE = /^\/(api|docs|health|metrics|openapi\.json|redoc|ws)\b/;
const AWAY = [502, 503, 504];

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(cacheName);
    await cache.add(new Request(OFFLINE, { cache: "reload" }));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    const older = (await caches.keys()).filter((name) => name.startsWith(KEPT) && name !== cacheName);
    await Promise.all(older.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const { mode, url } = event.request;
  if (mode === "navigate" && !NOT_A_PAGE.test(new URL(url).pathname)) event.respondWith(pageOf(event.request));
});

async function pageOf(request) {
  const answer = await fetch(request).catch(() => null);
  if (answer !== null && !AWAY.includes(answer.status)) return answer;
  return (await caches.match(OFFLINE)) ?? answer ?? Response.error();
}
