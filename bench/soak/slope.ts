/** A straight line through points. */
export interface Slope {
  /** Rise of y by x. */
  readonly slope: number;
  /** Standard error of it; NaN of fewer than three points. */
  readonly error: number;
}

/** Least squares through points whose errors are independent. At least two different x. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const sxx = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const sxy = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const slope = sxy / sxx;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: n < 3 ? Number.NaN : Math.sqrt(rest / (n - 2) / sxx) };
}

/** Means of neighbours, as many as `blocks`: samples that follow each other closely are not independent. */
export function blockMeans(
  points: readonly (readonly [x: number, y: number])[],
  blocks: number,
): (readonly [x: number, y: number])[] {
  const size = Math.max(1, Math.floor(points.length / blocks));
  return Array.from({ length: Math.floor(points.length / size) }, (_, i) => {
    const block = points.slice(i * size, (i + 1) * size);
    const sum = block.reduce(([x, y], [bx, by]) => [x + bx, y + by] as const, [0, 0] as const);
    return [sum[0] / size, sum[1] / size] as const;
  });
}
