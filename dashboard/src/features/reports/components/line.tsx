"use client";

import { useWords } from "@/lib/i18n";
import { useFormats } from "../formats";

export interface LinePoint {
  label: string;
  now: number | null;
  before: number | null;
}

const TICKS = [0, 25, 50, 75, 100];

/**
 * Shares of the stations in use over time. A picture of one path a time, drawn without a charting library: two lines
 * need none of its 118 KiB. It runs the way the language is read.
 */
export function Line({ label, points }: { label: string; points: readonly LinePoint[] }) {
  const words = useWords("reports");
  const { percent } = useFormats();
  const x = (number: number) => (points.length > 1 ? (number / (points.length - 1)) * 100 : 50);
  const peak = points.reduce(
    (best, point, number) => ((point.now ?? -1) > (points[best]?.now ?? -1) ? number : best),
    0,
  );
  const top = points[peak]?.now ?? null;
  const every = Math.max(1, Math.ceil(points.length / 9));
  const now = pathsOf(points.map((point) => point.now), x); // prettier-ignore
  const before = pathsOf(points.map((point) => point.before), x); // prettier-ignore
  return (
    <div role="img" aria-label={label} className="flex min-h-[200px] flex-1 flex-col text-[12px]/4 tabular-nums">
      <div className="relative ms-12 me-2 mt-4 flex-1">
        {TICKS.map((tick) => (
          <div key={tick} className="absolute inset-x-0 border-t border-line" style={{ bottom: `${tick}%` }}>
            <span className="absolute end-full me-2 -translate-y-1/2 whitespace-nowrap text-ink-3">
              {percent(tick / 100)}
            </span>
          </div>
        ))}
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible rtl:-scale-x-100"
        >
          {now.map(({ line, area }) => (
            <g key={line}>
              <path d={area} className="fill-accent-text opacity-10" />
              <path
                d={line}
                className="fill-none stroke-accent-text"
                strokeWidth="2"
                strokeLinejoin="round"
                vectorEffect="non-scaling-stroke"
              />
            </g>
          ))}
          {before.map(({ line }) => (
            <path
              key={line}
              d={line}
              className="fill-none stroke-ink-3"
              strokeWidth="1.5"
              strokeDasharray="3 3"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        {top !== null && (
          <div className="absolute" style={{ insetInlineStart: `${x(peak)}%`, bottom: `${Math.min(100, top * 100)}%` }}>
            <span className="absolute size-2 -translate-x-1/2 translate-y-1/2 rounded-full bg-accent-text outline-2 outline-zone rtl:translate-x-1/2 light:outline-surface" />
            <span className="absolute bottom-2 -translate-x-1/2 text-[11px] font-semibold whitespace-nowrap rtl:translate-x-1/2">
              {words("peak", { share: percent(top), when: points[peak]?.label ?? "" })}
            </span>
          </div>
        )}
      </div>
      <div className="relative ms-12 me-2 mt-2 h-4 text-ink-3">
        {points.map(({ label: name }, number) =>
          number % every === 0 ? (
            <span
              key={name}
              className="absolute -translate-x-1/2 whitespace-nowrap rtl:translate-x-1/2"
              style={{ insetInlineStart: `${x(number)}%` }}
            >
              {name}
            </span>
          ) : null,
        )}
      </div>
    </div>
  );
}

/** A path for each run of values that are known, and the area below it. */
function pathsOf(values: readonly (number | null)[], x: (number: number) => number): { line: string; area: string }[] {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  values.forEach((value, number) => {
    if (value === null) run = [];
    else {
      if (run.length === 0) runs.push(run);
      run.push([x(number), 100 - Math.min(1, value) * 100]);
    }
  });
  return runs.map((points) => {
    const line = `M${points.map(([left, top]) => `${left.toFixed(2)} ${top.toFixed(2)}`).join("L")}`;
    return { line, area: `${line}L${points.at(-1)?.[0].toFixed(2)} 100L${points[0]?.[0].toFixed(2)} 100Z` };
  });
}
