const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

const MS_PER_UNIT: ReadonlyMap<string, number> = new Map(UNITS);

/** A duration: `250ms`, `30s`, `5m`, `4h`, `2d`; fractions are allowed. */
export const DURATION_PATTERN = /^(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|h|d)$/;

/** Milliseconds of a duration such as `5m` or `1.5h`; null if `text` is not a duration. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = DURATION_PATTERN.exec(text) ?? [];
  const factor = MS_PER_UNIT.get(unit ?? "");
  return factor === undefined ? null : Number(amount) * factor;
}

/**
 * The shortest exact way to write a duration: 300000 is `5m`, 90000 is `90s`.
 *
 * @param ms >= 0, finite.
 */
export function formatDuration(ms: number): string {
  if (ms > 0) {
    for (const [unit, factor] of UNITS) {
      if (ms % factor === 0) return `${ms / factor}${unit}`;
    }
  }
  return ms === 0 ? "0s" : `${ms}ms`;
}
