import { checkDocument } from "../../config/check-document.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../config/resolve.ts";
import {
  parseSweepAxis,
  type Setting,
  type SweepAxis,
  settingsOf,
  withSetting,
} from "../../config/sweep/sweep-axis.ts";
import type { Variables } from "../../config/variables.ts";
import { type Fault, IotmonError } from "../../core/errors.ts";
import type { OpenedRecording } from "../look-at-recording.ts";

/** What a sweep runs. */
export interface SweepPlans {
  readonly axes: readonly SweepAxis[];
  readonly settings: readonly Setting[];
  /** One a setting. */
  readonly pipelines: readonly ResolvedPipeline[];
  /** Setting that leaves the pipeline as it is; -1: none does. */
  readonly asIs: number;
}

/**
 * The settings that `--sweep` asks for, held against the recording.
 *
 * @param options Values of `--sweep`.
 * @param document The pipeline as written, variables not yet replaced.
 * @throws {IotmonError} `ERR_USAGE` when a path leads nowhere, or a value does not fit.
 */
export function sweepPlans(
  options: readonly string[],
  document: unknown,
  opened: OpenedRecording,
  variables: Variables,
): SweepPlans {
  const axes = options.map((text) => parseSweepAxis(text, document));
  const settings = settingsOf(axes);
  const pipelines = settings.map((setting) => {
    const at = `--sweep ${axes.map(({ name }, i) => `${name}=${settingText(setting[i])}`).join(" ")}`;
    return resolved(withSetting(document, axes, setting), at, opened, variables);
  });
  const now = JSON.stringify(opened.pipeline.plan);
  const asIs = pipelines.findIndex(({ plan }) => JSON.stringify(plan) === now);
  return { axes, settings, pipelines, asIs };
}

/** A value as it would be given to `--sweep`. */
export function settingText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function resolved(
  document: unknown,
  at: string,
  { loaded, readings }: OpenedRecording,
  variables: Variables,
): ResolvedPipeline {
  const locate = (): string => at;
  const { config, faults } = checkDocument(document, locate, variables);
  if (config === null || faults.length > 0) throw unfit(faults);
  const { source } = loaded.config; // with the label column that was asked for
  try {
    return resolvePipeline(
      { label: at, name: loaded.name, config: { ...config, source }, locate, document },
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
