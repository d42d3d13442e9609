/**
 * Detectors that are rules: what they look at, and what they say.
 *
 * @module
 */
import type { DetectorConfig } from "../../../core/detectors/registry.ts";
import { printExpression } from "../../../core/expression/print.ts";
import { compileExpression } from "../../../core/expression/program.ts";
import type { Layout } from "../../../core/layout.ts";
import type { Path } from "../../document.ts";
import type {
  RateOfChangeEntry,
  SilentEntry,
  StuckEntry,
  ThresholdEntry,
} from "../../schema/detectors/rules.ts";
import type { Findings } from "../findings.ts";
import type { InputTable } from "./inputs.ts";
import { parseRule } from "./rule-text.ts";

/** What the engine needs to know of a detector, beside its name and its alerts. */
export interface ResolvedDetector {
  readonly config: DetectorConfig;
  readonly inputs: readonly number[];
  readonly inputNames: readonly string[];
}

/** @returns Null, and a fault, when a rule makes no sense. */
export function resolveThreshold(
  entry: ThresholdEntry,
  table: InputTable,
  path: Path,
  findings: Findings,
): ResolvedDetector | null {
  const rules = [
    { text: entry.when, at: [...path, "when"] },
    ...(entry.clear_when === undefined
      ? []
      : [{ text: entry.clear_when, at: [...path, "clear_when"] }]),
  ];
  const inputs = new Map<string, number>();
  const [when, clearWhen = null] = rules.map(({ text, at }) => {
    const parsed = parseRule(text, at, findings);
    for (const { name, at: place } of parsed?.names ?? []) {
      if (!inputs.has(name)) inputs.set(name, table.find(name, at, place));
    }
    return parsed?.root ?? null;
  });
  if (!when || (entry.clear_when !== undefined && clearWhen === null)) return null;
  const inputNames = [...inputs.keys()];
  const until = clearWhen === null ? "" : `, until ${printExpression(clearWhen)}`;
  return {
    config: {
      algorithm: entry.algorithm,
      when: compileExpression(when, inputNames),
      clearWhen: clearWhen === null ? null : compileExpression(clearWhen, inputNames),
      rule: printExpression(when) + until,
    },
    inputs: [...inputs.values()],
    inputNames,
  };
}

/** Never fails, but for faults. */
export function resolveStuck(
  { algorithm, column, after, tolerance }: StuckEntry,
  table: InputTable,
  path: Path,
): ResolvedDetector {
  return {
    config: { algorithm, column, afterMs: after, tolerance },
    inputs: [table.find(column, [...path, "column"])],
    inputNames: [column],
  };
}

/** It looks at no value; its inputs are what is known of the reading that came last. */
export function resolveSilent(
  { algorithm, after }: SilentEntry,
  { numeric }: Layout,
): ResolvedDetector {
  return {
    config: { algorithm, afterMs: after },
    inputs: [...numeric.keys()],
    inputNames: numeric,
  };
}

/** Never fails, but for faults. */
export function resolveRateOfChange(
  entry: RateOfChangeEntry,
  table: InputTable,
  path: Path,
  findings: Findings,
): ResolvedDetector {
  const { algorithm, column, per, max_change: both, max_rise: rise, max_fall: fall } = entry;
  if (both === undefined && rise === undefined && fall === undefined) {
    findings.fault(
      path,
      "has no limit",
      "Give max_change, or max_rise, or max_fall, or the last two",
    );
  }
  for (const key of ["max_rise", "max_fall"] as const) {
    if (both === undefined || entry[key] === undefined) continue;
    findings.fault([...path, key], "is given beside max_change", "Leave one of them out", "key");
  }
  const none = both ?? Number.POSITIVE_INFINITY;
  return {
    config: { algorithm, column, perMs: per, maxRise: rise ?? none, maxFall: fall ?? none },
    inputs: [table.find(column, [...path, "column"])],
    inputNames: [column],
  };
}
