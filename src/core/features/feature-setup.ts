import { rollingFunctions } from "./registry.ts";
import type { RollingFunction, RollingState, Window } from "./rolling-function.ts";
import type { FeatureSpec } from "./spec.ts";
import { MinPeriods } from "./state/min-periods.ts";

/** A feature that is ready to run. */
interface FeatureSetup {
  /** The effective window: includes the default, and one more row for a lookback function. */
  readonly window: Window;
  /** Whether the tape must hold event times. */
  readonly times: boolean;
  /** Creates a state. */
  readonly create: () => RollingState;
}

/**
 * Sets up the function of a feature.
 *
 * @param columnCount Number of columns.
 * @param maxWindowRows Maximum number of rows in a duration window.
 * @throws {RangeError} If the spec does not fit its function or the columns.
 */
export function setUpFeature(
  spec: FeatureSpec,
  columnCount: number,
  maxWindowRows: number,
): FeatureSetup {
  const facts: RollingFunction = rollingFunctions[spec.function];
  const given = spec.window ?? facts.defaultWindow;
  if (given === null) throw new RangeError(`Feature ${spec.name} needs a window`);
  checkSpec(spec, facts, given, columnCount);
  const rows = given.kind === "rows" ? given.rows : Number.NaN;
  const window: Window =
    given.kind === "rows" && facts.lookback ? { kind: "rows", rows: given.rows + 1 } : given;
  const settings = {
    rows,
    maxRows: window.kind === "rows" ? window.rows : maxWindowRows,
    minPeriods: new MinPeriods(facts.leastSamples ?? 0, spec.minPeriods, rows),
    quantile: spec.quantile ?? Number.NaN,
  };
  const create = () => facts.create(settings);
  return { window, times: facts.times || window.kind === "duration", create };
}

function checkSpec(
  spec: FeatureSpec,
  facts: RollingFunction,
  window: Window,
  columnCount: number,
): void {
  const fits = (column: number): boolean =>
    Number.isInteger(column) && column >= 0 && column < columnCount;
  if (!fits(spec.column)) throw new RangeError(`Feature ${spec.name} has no column ${spec.column}`);
  if (facts.columns === 2 ? !fits(spec.other ?? -1) : spec.other !== null) {
    throw new RangeError(`Feature ${spec.name}: second column ${spec.other} does not fit`);
  }
  if (facts.quantile !== (spec.quantile !== null && spec.quantile >= 0 && spec.quantile <= 1)) {
    throw new RangeError(`Feature ${spec.name}: quantile ${spec.quantile} does not fit`);
  }
  const whole = window.kind === "rows" ? Number.isInteger(window.rows) && window.rows > 0 : true;
  const allowed = window.kind === "rows" ? whole : facts.durations && window.ms > 0;
  if (!allowed || (facts.window === "none" && spec.window !== null)) {
    throw new RangeError(`Feature ${spec.name}: ${spec.function} takes no such window`);
  }
}
