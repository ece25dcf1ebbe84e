import { useWords } from "@/lib/i18n";
import { GhostTiles } from "./loading-floor";

const command =
  "inline-block rounded-[6px] border border-line bg-plan px-2.5 py-1 font-mono text-[12px]/5 wrap-anywhere";

/** What to do when there is no station yet, as steps on the ghost of the plan. */
export function EmptyFloor() {
  const words = useWords("stations");
  return (
    <section className="grid w-fit max-w-full grid-cols-1 overflow-hidden rounded-[12px] border border-line bg-zone p-4 max-md:w-full max-md:border-0 max-md:bg-transparent max-md:p-0">
      <div className="opacity-50 [grid-area:1/1] max-md:hidden">
        <GhostTiles />
      </div>
      <div className="relative grid min-w-0 place-items-center [grid-area:1/1]">
        <div className="max-w-[440px] rounded-[12px] border border-line bg-zone p-6 shadow-panel light:bg-surface">
          <h2 className="text-[16px]/6 font-semibold">{words("empty.title")}</h2>
          <ol className="mt-3 grid list-decimal gap-3 ps-5 text-ink-2 marker:text-ink-3">
            <li>
              <p className="mb-1.5">{words("empty.add")}</p>
              <code dir="ltr" className={command}>
                python -m app.cli add-station --name PC-01
              </code>
            </li>
            <li>{words("empty.configure")}</li>
            <li>{words("empty.appears")}</li>
          </ol>
        </div>
      </div>
    </section>
  );
}
