// Arithmetic and short forms for charts and tables.

/** Adds series up, so that each lies on top of those before it. */
export function stacked(series: number[][]): number[][] {
  const sums: number[][] = [];
  for (const values of series) {
    const below = sums.at(-1);
    sums.push(values.map((value, at) => value + (below?.[at] ?? 0)));
  }
  return sums;
}

/** The next round number above the greatest value, with room for the line itself. */
export function niceTop(greatest: number): number {
  if (!(greatest > 0)) return 1;
  const wanted = greatest * 1.08;
  const unit = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * unit >= wanted) ?? 10;
  return step * unit;
}

export function short(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1000)}k`;
  return String(Math.round(value * 100) / 100);
}

/** A time span in the greatest unit that keeps it short: `250 ms`, `1.5 s`, `2 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 6000) / 10} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}
