import { resolve } from "node:path";
import {
  type Examination,
  examinePipeline,
  type SeenInput,
  withFurtherFaults,
} from "../../../config/check/examine.ts";
import { loadPipeline } from "../../../config/load.ts";
import { type LoadedPipeline, PipelineError } from "../../../config/loaded-pipeline.ts";
import { decodeOptions, recordingPaths, recordingSource } from "../../../config/sources.ts";
import { isTestFile, loadTests } from "../../../config/tests/load-tests.ts";
import type { TestSuite } from "../../../config/tests/test-suite.ts";
import { detectorRule } from "../../../core/detectors/registry.ts";
import { type Fault, IotmonError } from "../../../core/errors.ts";
import type { CliContext } from "../../context.ts";
import { EXIT, exitCodeOf } from "../../exit-code.ts";
import type { FormatOptions } from "../../options/kinds.ts";
import { openReadings } from "../../recordings/open-readings.ts";
import { createChalk } from "../../render/color.ts";
import { renderError, renderFault } from "../../render/error.ts";
import { checkReport, checkTestsReport } from "./check-report.ts";

/** The result for one file. */
type Outcome =
  | { readonly file: string; readonly error: null; readonly suite: TestSuite }
  | {
      readonly file: string;
      readonly error: null;
      readonly pipeline: LoadedPipeline;
      readonly examination: Examination;
      readonly input: SeenInput | null;
    }
  | { readonly file: string; readonly error: IotmonError };

/**
 * `iotmon check`: checks all files, even if one of them has faults.
 *
 * @returns The exit code: that of the first invalid file.
 */
export async function runCheck(
  files: readonly string[],
  options: FormatOptions,
  context: CliContext,
): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const file of files) outcomes.push(await check(file, context));
  if (options.format === "json") {
    context.stdout.write(`${JSON.stringify(outcomes.map(toJson), null, 2)}\n`);
  } else {
    for (const outcome of outcomes) print(outcome, options, context);
  }
  const failed = outcomes.find(({ error }) => error !== null);
  return failed?.error ? exitCodeOf(failed.error.code) : EXIT.ok;
}

async function check(file: string, context: CliContext): Promise<Outcome> {
  try {
    const path = resolve(context.cwd, file);
    if (isTestFile(file)) return await checkTests(path, file, context);
    const pipeline = await loadPipeline(path, file, context.env);
    if (pipeline.config.tests.length > 0) await loadTests(path, file, context.env);
    const input = await inputOf(pipeline, context);
    return { file, error: null, pipeline, input, examination: examinePipeline(pipeline, input) };
  } catch (error) {
    if (error instanceof PipelineError && error.rest !== null) {
      const input = await inputOf(error.rest.pipeline, context).catch(() => null);
      return { file, error: withFurtherFaults(error, input) };
    }
    if (error instanceof IotmonError) return { file, error };
    throw error;
  }
}

/**
 * Reads the columns of the recording that a pipeline names.
 *
 * @returns Null when it names no recording, or when the file is missing.
 */
async function inputOf({ config }: LoadedPipeline, context: CliContext): Promise<SeenInput | null> {
  const { source } = recordingSource(config) ?? {};
  const paths = recordingPaths(config);
  if (source === undefined || paths === null) return null;
  try {
    const readings = await openReadings(
      paths,
      { format: source.format, decode: decodeOptions(source, {}, config.buffer) },
      context,
    );
    readings.close();
    return { label: readings.first.label, stem: readings.first.stem, profile: readings.profile };
  } catch (error) {
    if (error instanceof IotmonError && error.code === "ERR_NO_INPUT") return null;
    throw error;
  }
}

/** Checks a test file and the pipeline that it tests. */
async function checkTests(path: string, file: string, context: CliContext): Promise<Outcome> {
  const suite = await loadTests(path, file, context.env);
  for (const { pipeline } of suite.tests) examinePipeline(pipeline, null);
  return { file, error: null, suite };
}

function print(outcome: Outcome, { color, quiet }: FormatOptions, context: CliContext): void {
  const { stdout, stderr, env } = context;
  const paintError = createChalk(stderr, env, color);
  if (outcome.error !== null) {
    stderr.write(renderError(outcome.error, paintError, env["IOTMON_DEBUG"] === "1"));
    return;
  }
  const paint = createChalk(stdout, env, color);
  if ("suite" in outcome) {
    stdout.write(checkTestsReport(outcome.suite, paint));
    return;
  }
  const { pipeline, examination, input } = outcome;
  stdout.write(checkReport(pipeline, examination, input?.label ?? null, paint));
  if (quiet) return;
  for (const warning of examination.warnings)
    stderr.write(renderFault("warning", warning, paintError));
}

function toJson(outcome: Outcome): object {
  if (outcome.error !== null) {
    const { file, error } = outcome;
    const { code, message, at = file, hint } = error;
    const faults = error.faults.length > 0 ? error.faults : [{ at, message, hint }];
    return { file, valid: false, code, faults, warnings: [] };
  }
  if ("suite" in outcome) {
    const { file, suite } = outcome;
    const tests = suite.tests.map(({ test }) => test.name);
    return { file, valid: true, faults: [], warnings: [], tests };
  }
  const { file, pipeline, examination, input } = outcome;
  const { resolved, columnsFrom, warnings } = examination;
  return {
    file,
    valid: true,
    faults: [] satisfies Fault[],
    warnings,
    name: pipeline.name,
    input: input?.label ?? null,
    columns_from: columnsFrom,
    columns: resolved?.plan.columns ?? null,
    key: resolved?.layout.key ?? null,
    labels: resolved?.layout.labels ?? null,
    features: resolved?.plan.features.map(({ name }) => name) ?? null,
    detectors:
      resolved?.plan.detectors.map(({ name, config, inputNames }) => ({
        name,
        algorithm: config.algorithm,
        features: inputNames,
        rule: detectorRule(config),
      })) ?? null,
    tests: pipeline.config.tests.map((test) => test.name),
    bytes_per_key: columnsFrom === "names" ? null : (resolved?.bytesPerKey.full ?? null),
  };
}
