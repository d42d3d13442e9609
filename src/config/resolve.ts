import type { Fault } from "../core/errors.ts";
import type { Layout } from "../core/layout.ts";
import type { PlausibleRange } from "../core/plausibility.ts";
import { type KeyBytes, predictKeyBytes } from "../engine/keys/key-common.ts";
import type { EnginePlan } from "../engine/plan.ts";
import type { TimeSettings } from "../engine/time/time-notice.ts";
import type { InputProfile } from "../io/decoders/input-profile.ts";
import { type LoadedPipeline, pipelineError } from "./loaded-pipeline.ts";
import { metersOf, resolveColumns } from "./resolve/columns.ts";
import { resolveDetectors } from "./resolve/detectors/detectors.ts";
import { FeatureTable } from "./resolve/features.ts";
import { Findings } from "./resolve/findings.ts";
import { resolveRanges } from "./resolve/ranges.ts";
import { asShown } from "./resolve/shown-plan.ts";
import { checkSinks } from "./resolve/sinks.ts";
import { checkTokens } from "./resolve/tokens.ts";
import { checkReach } from "./resolve/unreachable.ts";
import type { PipelineConfig } from "./schema/pipeline.ts";
import type { SourceConfig } from "./schema/source.ts";
import { DEFAULT_TIME } from "./schema/time.ts";
import { recordingSource } from "./sources.ts";

/** A pipeline that fits its input: what a run is built from. */
export interface ResolvedPipeline {
  readonly plan: EnginePlan;
  readonly layout: Layout;
  /** Rows the buffer holds. */
  readonly maxRows: number;
  /** Maximum number of sensors. */
  readonly maxKeys: number;
  /** What happens to a reading older than the one before it. */
  readonly outOfOrder: SourceConfig["out_of_order"];
  /** Which times of readings are believed. */
  readonly time: TimeSettings;
  /** Whether rows of one sensor with the same time are parts of one reading, as in `Intake`. */
  readonly join: boolean;
  /** Plausible values; the intake makes others missing. */
  readonly ranges: readonly PlausibleRange[];
  /** Bytes that one sensor takes. */
  readonly bytesPerKey: KeyBytes;
  /** Settings that are valid but probably not intended. */
  readonly warnings: readonly Fault[];
}

/**
 * Holds a pipeline against the columns of its input, and fills in what it leaves open.
 *
 * @param profile What the input has; its columns are named after `rename`.
 * @param constantKey Key of rows without one: the stem of the file, the name of the port.
 * @param skipped Sections and entries whose faults are left out, as in {@link Findings}.
 * @throws {IotmonError} `ERR_CONFIG` with all faults.
 */
export function resolvePipeline(
  pipeline: LoadedPipeline,
  profile: InputProfile,
  constantKey: string,
  skipped?: ReadonlySet<string>,
): ResolvedPipeline {
  const { config } = pipeline;
  const findings = new Findings(pipeline.locate, skipped);
  const layout = resolveColumns(config, profile, constantKey, findings);
  if (layout.numeric.length === 0 && findings.faults.length === 0) {
    findings.fault(["buffer"], "there is no numeric column");
  }
  const ranges = resolveRanges(config, profile, layout, findings);
  const features = new FeatureTable(layout, config.buffer.max_rows, findings);
  features.declare(config.features);
  const meters = metersOf(profile, layout);
  const detectors = resolveDetectors(config, { layout, meters }, features, findings);
  if (findings.faults.length > 0) throw pipelineError(pipeline.label, findings.faults);
  checkReach(config, ranges, features.specs, findings);
  checkSinks(config, detectors, findings);
  checkTokens(pipeline, findings);
  const computed: EnginePlan = {
    pipeline: pipeline.name,
    columns: layout.numeric,
    features: features.specs,
    detectors,
    maxWindowRows: config.buffer.max_rows,
  };
  const plan = asShown(computed, config);
  return {
    plan,
    layout,
    maxRows: config.buffer.max_rows,
    maxKeys: config.buffer.max_keys,
    outOfOrder: recordingSource(config)?.source.out_of_order ?? "process",
    time: recordingSource(config)?.source.time ?? DEFAULT_TIME,
    join: config.buffer.join ?? profile.joins ?? isPivoted(config),
    ranges,
    bytesPerKey: predictKeyBytes(plan),
    warnings: findings.warnings,
  };
}

/** Whether the settings say that rows hold one quantity each. */
function isPivoted(config: PipelineConfig): boolean {
  return typeof recordingSource(config)?.source.pivot === "object";
}
