"use client";

import Link from "next/link";
import { Wordmark } from "@/components/ui/wordmark";
import { useWords, Words } from "@/lib/i18n";

export default function Nowhere() {
  return (
    <Words>
      <Page />
    </Words>
  );
}

function Page() {
  const words = useWords("shell");
  return (
    <main className="grid min-h-dvh place-items-center bg-plan p-6">
      <div className="grid max-w-[360px] justify-items-center text-center">
        <Wordmark className="mb-6" />
        <h1 className="text-[18px]/6 font-semibold">{words("nowhere.title")}</h1>
        <p className="mt-2 text-pretty text-ink-2">{words("nowhere.text")}</p>
        <Link
          href="/"
          className="mt-5 inline-flex h-10 items-center rounded-[7px] bg-accent px-4 font-semibold text-on-accent hover:bg-accent-hover max-md:h-12"
        >
          {words("nowhere.back")}
        </Link>
      </div>
    </main>
  );
}
