import type { Metadata } from "next";
import Link from "next/link";

export const metadata: Metadata = { title: "Not found · GameOps" };

/** What stands at an address that leads nowhere, and the way back. */
export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="max-w-[360px] text-center">
        <h1 className="text-[18px]/6 font-semibold text-ink">There is nothing at this address</h1>
        <p className="mt-2 text-ink-2">The link may be old, or a letter may be missing.</p>
        <p className="mt-4">
          <Link href="/" className="text-accent-text underline">
            Go to the floor
          </Link>
        </p>
      </div>
    </main>
  );
}
