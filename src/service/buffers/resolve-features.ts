import { FeatureTable } from "../../config/resolve/features.ts";
import type { FeatureSpec } from "../../core/features/spec.ts";
import type { FeatureDefinitions, Warning } from "../api.ts";
import { fieldFindings, throwFirstFault } from "../checks/findings.ts";
import type { Limits } from "../checks/limits.ts";
import { featuresInUse } from "../live-pipeline/shape.ts";
import type { HostedBuffer } from "../registry.ts";
import { defineBuffer } from "./define-buffer.ts";

/** Requested features of a buffer. */
interface ResolvedFeatures {
  /** Those whose columns the buffer has. */
  readonly specs: readonly FeatureSpec[];
  /** Names of all features, earlier ones included, of columns that only a variant of the buffer has. */
  readonly nullFeatures: readonly string[];
  readonly warnings: Warning[];
}

/**
 * Resolves the features that a client defines on a buffer.
 *
 * @throws {CommandError} `invalid`, if neither the buffer nor one of its variants has a column.
 */
export function resolveFeatures(
  { pipeline, variants, nullFeatures }: HostedBuffer,
  entries: FeatureDefinitions,
  limits: Limits,
): ResolvedFeatures {
  const { layout } = pipeline.frame;
  const declare = (numeric: readonly string[]) => {
    const findings = fieldFindings();
    const table = new FeatureTable({ ...layout, numeric }, Number.POSITIVE_INFINITY, findings);
    table.declare(entries);
    return { specs: table.specs, findings };
  };
  const own = declare(layout.numeric);
  if (own.findings.faults.length === 0) {
    const names = new Set(own.specs.map(({ name }) => name));
    const left = nullFeatures.filter((name) => !names.has(name));
    return { specs: own.specs, nullFeatures: left, warnings: [] };
  }
  const others = variants.flatMap((variant) => defineBuffer(variant, limits).numeric);
  const columns = [...new Set([...layout.numeric, ...others])];
  const wide = declare(columns);
  // its hints list the columns of the buffer only
  if (wide.findings.faults.length > 0) throwFirstFault(own.findings);
  const lacking = ({ column, other }: FeatureSpec): readonly string[] =>
    [column, other ?? column]
      .filter((index) => index >= layout.numeric.length)
      .map((index) => columns[index] as string);
  const specs = wide.specs.filter((spec) => lacking(spec).length === 0);
  const real = new Set([...featuresInUse(pipeline.shape), ...specs].map(({ name }) => name));
  const lost = wide.specs.filter((spec) => !specs.includes(spec));
  const warnings = lost.map((spec) => {
    const result = real.has(spec.name) ? "keeps its definition" : "is null";
    const [column] = lacking(spec);
    const message = `${spec.name} ${result}: only another definition of the buffer has the column ${column}`;
    return { field: "features", message };
  });
  const names = new Set([...nullFeatures, ...lost.map(({ name }) => name)]);
  return { specs, nullFeatures: [...names].filter((name) => !real.has(name)), warnings };
}
