"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "@/lib/cn";
import { useWords } from "@/lib/i18n";
import { Sign } from "@/components/ui/wordmark";
import { AccountMenu, useMe } from "@/features/staff";
import { VenueName } from "@/features/venues";
import { deskPages, type DeskPage } from "./pages";

/** Where one can go. Wide: icon and word; narrower: a rail of icons. A phone has the bottom bar. */
export function SideBar() {
  const words = useWords("shell");
  const pages = useDeskPages();
  return (
    <aside className="flex w-[200px] shrink-0 flex-col border-e border-line px-2 py-4 max-xl:w-14 max-md:hidden">
      <div className="flex items-center gap-3 px-2 max-xl:px-1">
        <Sign />
        <div className="min-w-0 max-xl:hidden">
          <div className="font-semibold">
            <VenueName />
          </div>
          <div className="text-[12px]/4 text-ink-3">GameOps</div>
        </div>
      </div>
      <nav aria-label={words("pages.label")} className="mt-5">
        {([1, 2] as const).map((group) => (
          <ul
            key={group}
            className="grid gap-0.5 not-first:mt-3 not-first:border-t not-first:border-line not-first:pt-3"
          >
            {pages
              .filter((page) => page.group === group)
              .map((page) => (
                <li key={page.path}>
                  <PageLink page={page} />
                </li>
              ))}
          </ul>
        ))}
      </nav>
      <div className="mt-auto max-xl:hidden">
        <AccountMenu wide />
      </div>
      <div className="mt-auto grid justify-center xl:hidden">
        <AccountMenu wide={false} />
      </div>
    </aside>
  );
}

function PageLink({ page: { path, name, Icon, Badge } }: { page: DeskPage }) {
  const words = useWords("shell");
  const here = useIsHere(path);
  return (
    <Link
      href={path}
      prefetch={false}
      aria-current={here ? "page" : undefined}
      title={words(`pages.${name}`)}
      className={cn(
        "relative flex h-8 items-center gap-3 rounded-[7px] px-3 max-xl:justify-center max-xl:px-0",
        here ? "bg-raised font-semibold" : "text-ink-2 hover:bg-raised",
      )}
    >
      <Icon size={16} aria-hidden className="shrink-0" />
      <span className="truncate max-xl:sr-only">{words(`pages.${name}`)}</span>
      {Badge && (
        <span className="ms-auto max-xl:absolute max-xl:end-0 max-xl:top-0">
          <Badge />
        </span>
      )}
    </Link>
  );
}

/** The pages that the person who is signed in may see. */
export function useDeskPages(): DeskPage[] {
  const role = useMe()?.role;
  return deskPages.filter(({ roles }) => roles === undefined || (role !== undefined && roles.includes(role)));
}

export function useIsHere(path: string): boolean {
  const here = usePathname();
  return path === "/" ? here === "/" : here.startsWith(path);
}
