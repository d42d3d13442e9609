import type { Variables } from "../../config/check/variables.ts";
import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import { pipelineOf } from "../../config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../config/resolve.ts";
import { type Fault, IotmonError } from "../../core/errors.ts";
import type { Readings } from "../../io/readings.ts";
import {
  parseSweepAxis,
  type Setting,
  type SweepAxis,
  settingsOf,
  withSetting,
} from "./sweep-axis.ts";

/** A recording, and the pipeline whose settings are varied. */
export interface SweptPipeline {
  readonly readings: Readings;
  /** As written, with the requested label column. */
  readonly loaded: LoadedPipeline;
  readonly pipeline: ResolvedPipeline;
}

/** The settings of a sweep and their pipelines. */
export interface SweepPlans {
  readonly axes: readonly SweepAxis[];
  readonly settings: readonly Setting[];
  /** One per setting. */
  readonly pipelines: readonly ResolvedPipeline[];
  /** The unchanged pipeline. */
  readonly current: ResolvedPipeline;
  /** Index of the setting that equals the unchanged pipeline; -1: none. */
  readonly asIsIndex: number;
}

/**
 * Resolves every setting that `--sweep` asks for against the recording.
 *
 * @param options Values of `--sweep`.
 * @param document The pipeline as written, before variables are replaced.
 * @throws {IotmonError} `ERR_USAGE` for a path that does not exist, or a value that does not fit.
 */
export function sweepPlans(
  options: readonly string[],
  document: unknown,
  swept: SweptPipeline,
  variables: Variables,
): SweepPlans {
  const axes = options.map((text) => parseSweepAxis(text, document));
  const settings = settingsOf(axes);
  const pipelines = settings.map((setting) => {
    const at = `--sweep ${axes.map(({ name }, i) => `${name}=${settingText(setting[i])}`).join(" ")}`;
    return resolved(withSetting(document, axes, setting), at, swept, variables);
  });
  const { pipeline: current } = swept;
  const now = JSON.stringify(current.plan);
  const asIsIndex = pipelines.findIndex(({ plan }) => JSON.stringify(plan) === now);
  return { axes, settings, pipelines, current, asIsIndex };
}

/** A value as `--sweep` takes it. */
export function settingText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function resolved(
  document: unknown,
  at: string,
  { loaded, readings }: SweptPipeline,
  variables: Variables,
): ResolvedPipeline {
  const locate = (): string => at;
  const { source } = loaded.config; // has the requested label column
  try {
    const { name } = loaded;
    const swept = pipelineOf(document, { label: at, name, variables, locate });
    return resolvePipeline(
      { ...swept, config: { ...swept.config, source } },
      readings.profile,
      readings.first.stem,
    );
  } catch (error) {
    throw error instanceof IotmonError && error.faults.length > 0 ? unfit(error.faults) : error;
  }
}

function unfit(faults: readonly Fault[]): IotmonError {
  return new IotmonError("ERR_USAGE", "a value of --sweep does not fit", { faults });
}
