import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { writePipeline } from "../../../../config/infer/write.ts";
import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import type { PipelineDocument } from "../../../../config/schema/pipeline.ts";
import { IotmonError } from "../../../../core/errors.ts";
import { reportImplausible } from "../../../../io/implausible.ts";
import { RejectLog } from "../../../../io/rejects.ts";
import { sweepBody } from "../../../../sweep/result/sweep-body.ts";
import { type SweepGoal, sweepGoal } from "../../../../sweep/result/sweep-goal.ts";
import { best, type SweepResult } from "../../../../sweep/result/sweep-result.ts";
import { readSweepRecording, type SweepRecording } from "../../../../sweep/run/sweep-recording.ts";
import { runSweep } from "../../../../sweep/run-sweep.ts";
import { withSetting } from "../../../../sweep/settings/sweep-axis.ts";
import { type SweepPlans, sweepPlans } from "../../../../sweep/settings/sweep-plans.ts";
import { writeSetting } from "../../../../sweep/settings/write-setting.ts";
import type { CliContext } from "../../../context.ts";
import { EXIT } from "../../../exit-code.ts";
import { createFile } from "../../../output-file.ts";
import { lookAtRecording, type OpenedRecording } from "../../../recordings/open-recording.ts";
import { createChalk } from "../../../render/color.ts";
import { widthOf, writeResult } from "../../../render/stream.ts";
import type { ReplayOptions } from "../options.ts";
import { startProgress } from "../output/progress.ts";
import { openingNotes, rejectNotes } from "../output/replay-notes.ts";
import { checkRejects } from "../run/check-rejects.ts";
import { pathsToReplay } from "../run/replay-requests.ts";
import { renderSweep } from "./sweep-table.ts";

/** Default share of readings to hold out, if there are labels. */
const HOLDOUT = 0.3;
const WITHOUT_TIMES =
  "a sweep ignores clock events of the recorded session; a replay may give other alerts of silence";

/**
 * `iotmon replay --sweep`: compares settings of a pipeline, and finds the best one.
 *
 * @returns The exit code.
 */
export async function runSweepReplay(
  files: readonly string[],
  options: ReplayOptions,
  pipeline: LoadedPipeline | null,
  context: CliContext,
): Promise<number> {
  const paths = pathsToReplay(files, pipeline);
  const { inputFormat, labels, sweep, optimize, writePipeline: target } = options;
  const opened = await lookAtRecording({ paths, pipeline, inputFormat, labels }, context);
  try {
    const document = pipeline === null ? opened.inferred?.document : pipeline.document;
    const plans = sweepPlans(sweep, document, opened, context.env);
    const { plan } = opened.pipeline;
    const goal = sweepGoal(plans.axes, plan, opened.label !== null, optimize);
    if (goal.optimize === null && target !== undefined) throw nothingToWrite();
    const holdout = goal.optimize === null ? 0 : (options.holdout ?? HOLDOUT);
    const { recording, rejected } = await read(opened, options, holdout, context);
    const result = await run(recording, plans, goal, holdout, options, context);
    await show(result, rejected, opened, options, context);
    if (target === undefined) return EXIT.ok;
    const setting = plans.settings[best(result) ?? -1];
    if (setting === undefined) throw nothingToChooseBy();
    const written =
      pipeline?.text === undefined
        ? writePipeline(withSetting(document, plans.axes, setting) as PipelineDocument)
        : writeSetting(pipeline.text, plans.axes, setting);
    await createFile("the pipeline file", target, written, context.cwd);
    if (!options.quiet) context.stderr.write(`wrote the best setting to ${target}\n`);
    return EXIT.ok;
  } finally {
    opened.readings.close();
  }
}

/** Reads the recording once, into memory. */
async function read(
  opened: OpenedRecording,
  options: ReplayOptions,
  holdout: number,
  context: CliContext,
): Promise<{ readonly recording: SweepRecording; readonly rejected: number }> {
  const { readings, pipeline, keys, spans, labelIndex } = opened;
  const { stderr, cwd, env } = context;
  const color = createChalk(stderr, env, options.color);
  const say = (text: string): void => void (!options.quiet && stderr.write(text));
  say(openingNotes(opened, color, widthOf(stderr)));
  for (const note of spans?.notes ?? []) say(`${note}\n`);
  const file = options.rejects;
  const rejects = new RejectLog(file === undefined ? null : resolve(cwd, file), file);
  try {
    const all = readings.batches({
      layout: pipeline.layout,
      keys,
      reject: (reject) => rejects.add(reject),
      note: (text) => say(`${text}\n`),
    });
    const batches = reportImplausible(all, pipeline.ranges, readings.labels, (cell) =>
      rejects.addImplausible(cell),
    );
    const { from, to, limit } = options;
    const { outOfOrder, ranges } = pipeline;
    const span = { outOfOrder, ranges, label: labelIndex, from, to, limit, holdout };
    const recording = await readSweepRecording(spans?.label(batches, keys) ?? batches, keys, span);
    context.signal.throwIfAborted();
    const rows = recording.batches.reduce((sum, { length }) => sum + length, 0);
    checkRejects(rejects, rows, options.maxRejects, true);
    const whole = to === Number.POSITIVE_INFINITY && limit === Number.POSITIVE_INFINITY;
    for (const note of spans?.findings(keys, whole) ?? []) say(`${note}\n`);
    // replay() would have emptied this queue
    if ((readings.session?.times.length ?? 0) > 0) say(`${WITHOUT_TIMES}\n`);
    return { recording, rejected: rejects.total };
  } finally {
    rejects.close();
    if (rejects.total + rejects.implausible.size > 0)
      say(rejectNotes(rejects, file, color, widthOf(stderr)));
  }
}

async function run(
  recording: SweepRecording,
  plans: SweepPlans,
  goal: SweepGoal,
  holdout: number,
  { workers, quiet }: ReplayOptions,
  { stderr, signal }: CliContext,
): Promise<SweepResult> {
  const progress = await startProgress(stderr, !quiet);
  try {
    return await runSweep(recording, plans, goal, {
      holdout,
      workers: workers ?? availableParallelism(),
      signal,
      progress: (readings, share) => progress.update(readings, share),
    });
  } finally {
    progress.clear();
  }
}

async function show(
  result: SweepResult,
  rejected: number,
  { readings, pipeline }: OpenedRecording,
  { format, top, color: wanted }: ReplayOptions,
  { stdout, env, signal }: CliContext,
): Promise<void> {
  const inputs = readings.labels;
  const read = { pipeline: pipeline.plan.pipeline, inputs, rejected };
  const color = createChalk(stdout, env, wanted);
  const text =
    format === "json"
      ? `${JSON.stringify(sweepBody(result, read), null, 2)}\n`
      : renderSweep({ title: inputs.join(" + "), result, top, color, width: widthOf(stdout) });
  await writeResult(stdout, text, signal);
}

function nothingToWrite(): IotmonError {
  return new IotmonError(
    "ERR_USAGE",
    "--write-pipeline needs labels: they decide which setting is the best",
    { hint: "Name the column or file of labels with --labels" },
  );
}

function nothingToChooseBy(): IotmonError {
  return new IotmonError("ERR_DATA", "no pipeline written: no labelled event was scored", {
    hint: "Use another --holdout, or more labels",
  });
}
