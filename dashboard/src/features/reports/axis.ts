/** Round values for an axis from 0 to at least `most`, four or five steps of them. */
export function axisOf(most: number): { most: number; ticks: number[] } {
  const wanted = Math.max(most, 4) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .find((each) => each >= wanted && Number.isInteger(each));
  const size = step ?? Math.ceil(wanted);
  const count = Math.max(1, Math.ceil(most / size));
  return { most: size * count, ticks: Array.from({ length: count + 1 }, (_, number) => number * size) };
}
