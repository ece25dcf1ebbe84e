import { GhostTiles } from "./loading-floor";

const command = "rounded-[6px] border border-line bg-plan px-2.5 py-1.5 font-mono text-[12px]/5 break-all";

/** What to do when there is no station yet, as steps on the ghost of the plan. */
export function EmptyFloor() {
  return (
    <section className="relative w-fit max-w-full overflow-hidden rounded-[12px] border border-line bg-zone p-4">
      <div className="opacity-50">
        <GhostTiles />
      </div>
      <div className="absolute inset-0 grid place-items-center p-4">
        <div className="max-w-[440px] rounded-[12px] border border-line bg-zone p-6 shadow-panel light:bg-surface">
          <h2 className="text-[16px]/6 font-semibold">No stations yet</h2>
          <ol className="mt-3 grid list-decimal gap-3 ps-5 text-ink-2 marker:text-ink-3">
            <li>
              <p className="mb-1.5">On the server, in its backend folder, add the first one:</p>
              <code className={command}>python -m app.cli add-station --name PC-01</code>
            </li>
            <li>Put the id and the token that it prints into config.yaml on that PC, and start its agent.</li>
            <li>The station appears here by itself.</li>
          </ol>
        </div>
      </div>
    </section>
  );
}
