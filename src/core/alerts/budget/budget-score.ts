/** Nats above the bar at which the curve below changes, and the scores there: those of warning and critical. */
const WARNING = 1.5;
const CRITICAL = 4;
const [AT_BAR, AT_WARNING, AT_CRITICAL] = [0.5, 0.85, 0.95];

/**
 * Writes the anomaly score of a reading under an alert budget, in [0, 1], to `out[i]`: 0.5 at the bar, 0.85 at 1.5 nats above it, 0.95 at 4.
 * Below the bar it is proportional to 1 - p.
 *
 * @param margin Nats by which its incident exceeds the bar; below 0: falls short of it.
 * @param q Rarity of its incident, nats >= 0.
 */
export function budgetScore(margin: number, q: number, out: Float64Array, i: number): void {
  out[i] = scoreOf(margin, q);
}

function scoreOf(margin: number, q: number): number {
  if (margin >= CRITICAL) return 1 - (1 - AT_CRITICAL) * Math.exp(CRITICAL - margin);
  if (margin >= WARNING) {
    const part = (margin - WARNING) / (CRITICAL - WARNING);
    return AT_WARNING + (AT_CRITICAL - AT_WARNING) * part;
  }
  if (margin >= 0) return AT_BAR + (AT_WARNING - AT_BAR) * (margin / WARNING);
  return (AT_BAR * Math.expm1(-q)) / Math.expm1(margin - q);
}
