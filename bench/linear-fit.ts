/** A straight line through measurements. */
export interface LinearFit {
  /** Change of y for 1 of x. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
}

/**
 * Least squares. Similar neighbours (a heap between two collections) count less than independent
 * measurements: the autocorrelation of the residuals widens the error.
 *
 * @param points Evenly spaced `[x, y]`, at least 4.
 */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): LinearFit {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const residuals = points.map(([x, y]) => y - meanY - slope * (x - meanX));
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  const shared = residuals.slice(1).reduce((sum, r, i) => sum + r * (residuals[i] as number), 0);
  const likeness = squares === 0 ? 0 : Math.min(0.99, Math.max(0, shared / squares));
  const widening = (1 + likeness) / (1 - likeness);
  return { slope, error: Math.sqrt((squares / (n - 2) / spread) * widening) };
}
