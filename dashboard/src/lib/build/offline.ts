/** Has the browser keep the page that is shown while the server is away; `public/sw.js` says how. */
export function keepOfflinePage(): void {
  const build = process.env.BUILD_ID;
  // Browsers have workers only over HTTPS and on the server's own machine.
  if (process.env.NODE_ENV !== "production" || build === undefined || !("serviceWorker" in navigator)) return;
  // A desk works without: it only sees the browser's error when it is loaded while the server is away.
  void navigator.serviceWorker.register(`/sw.js?build=${build}`).catch(() => undefined);
}
