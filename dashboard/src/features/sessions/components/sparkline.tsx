const [WIDTH, HEIGHT] = [56, 20];

/** How a percentage went, the newest at the end, which the figure beside it says. */
export function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null;
  const step = WIDTH / (values.length - 1);
  const points = values.map((value, index) => {
    const y = HEIGHT - 1 - (Math.min(100, Math.max(0, value)) / 100) * (HEIGHT - 2);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden className="shrink-0 text-ink-3">
      <polyline points={points.join(" ")} fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  );
}
