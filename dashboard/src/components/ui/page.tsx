import { useEffect, type ReactNode } from "react";

interface PageProps {
  title: string;
  /** Stands beside the title. */
  aside?: ReactNode;
  /** At the end of the top bar: what one does on this page. On a phone it stands in a row of its own that scrolls. */
  actions?: ReactNode;
  /** A row below the top bar, such as filters. */
  below?: ReactNode;
  /** Beside the content from 1280 px on, over it on narrower screens: a panel brings its own width and closing. */
  panel?: ReactNode;
  children: ReactNode;
}

/** The frame of every page but the floor: a top bar of 56 px and content that scrolls below it. */
export function Page({ title, aside, actions, below, panel, children }: PageProps) {
  useTitle(title);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 max-md:py-2">
        <h1 className="truncate text-[16px]/6 font-semibold">{title}</h1>
        {aside}
        {actions && (
          <div className="ms-auto flex min-w-0 items-center gap-2 max-md:ms-0 md:flex-wrap md:justify-end max-md:w-full max-md:overflow-x-auto">
            {actions}
          </div>
        )}
      </header>
      {below}
      <div className="relative flex min-h-0 flex-1 border-t border-line">
        <main className="@container min-w-0 flex-1 overflow-y-auto bg-plan p-4">{children}</main>
        {panel}
      </div>
    </div>
  );
}

/** Names the browser's tab after the page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · GameOps`;
  }, [title]);
}
