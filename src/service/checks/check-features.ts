import type { FeatureSpec } from "../../core/features/spec.ts";
import type { Warning } from "../api.ts";
import type { Shape } from "../live-pipeline/shape.ts";
import type { Limits } from "./limits.ts";
import { checkCount } from "./names.ts";

/**
 * Checks windows against the limits and the size of the buffer.
 *
 * @param maxRows Rows of the buffer.
 * @throws {CommandError} `limit`.
 */
export function checkWindows(
  specs: readonly FeatureSpec[],
  maxRows: number,
  { windowRows }: Limits,
): Warning[] {
  const warnings: Warning[] = [];
  for (const { name, window } of specs) {
    if (window?.kind !== "rows") continue;
    checkCount("rows of a window", window.rows, windowRows, "features");
    if (window.rows <= maxRows) continue;
    const message =
      `${name} looks back ${window.rows} rows, and max_rows keeps ${maxRows}: ` +
      "the buffer can't fill it after a late definition or a restart";
    warnings.push({ field: "features", message });
  }
  return warnings;
}

/**
 * @param others Number of features outside of the shape.
 * @throws {CommandError} `limit`.
 */
export function checkFeatureCount({ sets }: Shape, others: number, { features }: Limits): void {
  const count = sets.reduce((sum, { specs }) => sum + specs.length, others);
  checkCount("features (replaced ones included)", count, features, "features");
}
