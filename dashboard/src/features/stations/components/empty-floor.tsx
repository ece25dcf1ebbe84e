import Link from "next/link";
import type { ReactNode } from "react";
import { useMayManage } from "@/features/staff";
import { useWords } from "@/lib/i18n";
import { GhostTiles } from "./loading-floor";

/** What to do when there is no station yet, as steps on the ghost of the plan. */
export function EmptyFloor() {
  const words = useWords("places");
  const mayManage = useMayManage();
  return (
    <section className="grid w-fit max-w-full grid-cols-1 overflow-hidden rounded-[12px] border border-line bg-zone p-4 max-md:w-full max-md:border-0 max-md:bg-transparent max-md:p-0">
      <div className="opacity-50 [grid-area:1/1] max-md:hidden">
        <GhostTiles />
      </div>
      <div className="relative grid min-w-0 place-items-center [grid-area:1/1]">
        <div className="max-w-[440px] rounded-[12px] border border-line bg-zone p-6 shadow-panel light:bg-surface">
          <h2 className="text-[16px]/6 font-semibold">{words("empty.title")}</h2>
          {mayManage ? (
            <>
              <ol className="mt-3 grid list-decimal gap-2.5 ps-5 text-pretty text-ink-2 marker:text-ink-3">
                <li>{words.rich("first.venue", { link: (text) => <To href="/settings/">{text}</To> })}</li>
                <li>{words.rich("first.stations", { link: (text) => <To href="/stations/">{text}</To> })}</li>
                <li>{words("first.connect")}</li>
                <li>{words("first.start")}</li>
              </ol>
              <Link
                href="/stations/"
                prefetch={false}
                className="mt-5 inline-flex h-11 items-center rounded-[7px] bg-accent px-4 text-[14px]/5 font-semibold text-on-accent hover:bg-accent-hover"
              >
                {words("empty.action")}
              </Link>
            </>
          ) : (
            <p className="mt-2 text-pretty text-ink-2">{words("empty.ask")}</p>
          )}
        </div>
      </div>
    </section>
  );
}

function To({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="font-semibold text-accent-text underline underline-offset-2">
      {children}
    </Link>
  );
}
