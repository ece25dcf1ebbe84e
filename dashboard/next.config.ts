import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER } from "next/constants";

const shared: NextConfig = {
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  devIndicators: false,
};

/** A build is a static export that the backend serves; `next dev` proxies to a backend (BACKEND_URL). */
export default function config(phase: string): NextConfig {
  if (phase !== PHASE_DEVELOPMENT_SERVER) return { ...shared, output: "export" };
  const backend = process.env.BACKEND_URL ?? "http://127.0.0.1:8000";
  return {
    ...shared,
    // The API's paths have no trailing slash, so the redirect that adds one must stay away from them.
    skipTrailingSlashRedirect: true,
    rewrites: () =>
      Promise.resolve([
        { source: "/api/:path*", destination: `${backend}/api/:path*` },
        { source: "/ws/:path*", destination: `${backend}/ws/:path*` },
      ]),
  };
}
