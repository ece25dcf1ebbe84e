import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";
import { buildId } from "./scripts/build-id.mjs";

const ROOT = fileURLToPath(new URL("./", import.meta.url));

const shared: NextConfig = {
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  devIndicators: false,
  // A page that was fetched is the build's own for as long as this build is open; five minutes is what Next.js takes.
  experimental: { staleTimes: { static: 30 * 24 * 3600 } },
  turbopack: {
    // Texts come parsed (docs/adr/0016), so what formats them needs no parser.
    rules: { "**/src/messages/*/*.json": { loaders: ["./scripts/compile-messages.mjs"], as: "*.js" } },
    resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" },
  },
};

/** A build is a static export that the backend serves; `next dev` proxies to a backend (BACKEND_URL). */
export default async function config(phase: string): Promise<NextConfig> {
  const id = await buildId(ROOT);
  // The pages know which build they are of, and compare it with the /version.json that the server has by now.
  const named: NextConfig = { ...shared, env: { BUILD_ID: id }, generateBuildId: () => id };
  if (phase !== PHASE_DEVELOPMENT_SERVER) return { ...named, output: "export" };
  const backend = process.env.BACKEND_URL ?? "http://127.0.0.1:8000";
  return {
    ...named,
    // The API's paths have no trailing slash, so the redirect that adds one must stay away from them.
    skipTrailingSlashRedirect: true,
    rewrites: () =>
      Promise.resolve([
        { source: "/api/:path*", destination: `${backend}/api/:path*` },
        { source: "/ws/:path*", destination: `${backend}/ws/:path*` },
      ]),
  };
}
