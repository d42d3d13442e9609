import { availableParallelism } from "node:os";
import { writePipeline } from "../../../../config/infer/write.ts";
import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import { openingLines } from "../../../../config/opening/opening-lines.ts";
import type { PipelineDocument } from "../../../../config/schema/pipeline.ts";
import { IotmonError } from "../../../../core/errors.ts";
import { sweepBody } from "../../../../sweep/result/sweep-body.ts";
import { sweepGoal } from "../../../../sweep/result/sweep-goal.ts";
import { best, type SweepResult } from "../../../../sweep/result/sweep-result.ts";
import { readSweepRecording, type SweepRecording } from "../../../../sweep/run/sweep-recording.ts";
import { runSweep } from "../../../../sweep/run-sweep.ts";
import { withSetting } from "../../../../sweep/settings/sweep-axis.ts";
import { sweepPlans } from "../../../../sweep/settings/sweep-plans.ts";
import { writeSetting } from "../../../../sweep/settings/write-setting.ts";
import type { CliContext } from "../../../context.ts";
import { EXIT } from "../../../exit-code.ts";
import { timesGiven } from "../../../options/time-options.ts";
import { createFile } from "../../../output-file.ts";
import { createChalk } from "../../../render/color.ts";
import { widthOf, writeResult } from "../../../render/stream.ts";
import type { ReplayOptions } from "../options.ts";
import { ReplayNotes } from "../output/replay-notes.ts";
import { type OpenedRecording, openRecordings } from "../recording/open-recordings.ts";
import { RecordingReader } from "../recording/recording-reader.ts";
import { pathsToReplay } from "../run/replay-requests.ts";
import { renderSweep } from "./sweep-table.ts";

/** Default share of readings to hold out, if there are labels. */
const HOLDOUT = 0.3;
const WITHOUT_TIMES =
  "a sweep ignores clock events of the recorded session; a replay may give other silence alerts";

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
  const { inputFormat, zone, strict, labels, sweep, optimize, writePipeline: target } = options;
  const times = timesGiven(options);
  const request = { paths, pipeline, inputFormat, times, zone, strict, labels };
  const opened = await openRecordings(request, context);
  const notes = await ReplayNotes.open(options, context);
  try {
    const document = pipeline === null ? opened.inferred?.document : pipeline.document;
    const plans = sweepPlans(sweep, document, opened, context.env);
    const { plan } = opened.pipeline;
    const goal = sweepGoal(plans.axes, plan, opened.label !== null, optimize);
    if (goal.optimize === null && target !== undefined) throw nothingToWrite();
    const holdout = goal.optimize === null ? 0 : (options.holdout ?? HOLDOUT);
    const { recording, rejected } = await readRecording(opened, options, holdout, notes, context);
    const result = await runSweep(recording, plans, goal, {
      holdout,
      workers: options.workers ?? availableParallelism(),
      signal: context.signal,
      progress: (readings, share) => notes.progress.update(readings, share),
    });
    notes.progress.clear();
    await show(result, rejected, opened, options, context);
    if (target === undefined) return EXIT.ok;
    const setting = plans.settings[best(result) ?? -1];
    if (setting === undefined) throw nothingToChooseBy();
    const written =
      pipeline?.text === undefined
        ? writePipeline(
            withSetting(document, plans.axes, setting) as PipelineDocument,
            openingLines(opened.readings.profile.format, opened.remarks),
          )
        : writeSetting(pipeline.text, plans.axes, setting);
    await createFile("the pipeline file", target, written, context.cwd);
    notes.line(`wrote the best setting to ${target}`);
    return EXIT.ok;
  } finally {
    notes.progress.clear();
    opened.readings.close();
  }
}

/** Reads the recording once, into memory. */
async function readRecording(
  opened: OpenedRecording,
  options: ReplayOptions,
  holdout: number,
  notes: ReplayNotes,
  context: CliContext,
): Promise<{ readonly recording: SweepRecording; readonly rejected: number }> {
  const { readings, pipeline, keys, labelIndex: label } = opened;
  notes.opening(opened);
  const reader = new RecordingReader(opened, options, context, notes);
  try {
    const { from, to, limit } = options;
    const { outOfOrder, ranges, time, join } = pipeline;
    const onTimes = reader.times;
    const span = { outOfOrder, ranges, time, join, label, from, to, limit, holdout, onTimes };
    const recording = await readSweepRecording(reader.batches(), keys, span);
    context.signal.throwIfAborted();
    reader.checkEnd(recording.batches.reduce((sum, { length }) => sum + length, 0));
    // replay() would have emptied this queue
    if ((readings.session?.times.length ?? 0) > 0) notes.line(WITHOUT_TIMES);
    return { recording, rejected: reader.rejects.total };
  } finally {
    reader.close();
  }
}

async function show(
  result: SweepResult,
  rejected: number,
  { readings, pipeline, shownTimes: times }: OpenedRecording,
  { format, top, color: wanted }: ReplayOptions,
  { stdout, env, signal }: CliContext,
): Promise<void> {
  const inputs = readings.labels;
  const read = { pipeline: pipeline.plan.pipeline, inputs, rejected };
  const color = createChalk(stdout, env, wanted);
  const text =
    format === "json"
      ? `${JSON.stringify(sweepBody(result, read), null, 2)}\n`
      : renderSweep({
          ...{ title: inputs.join(" + "), result, top, times },
          ...{ color, width: widthOf(stdout) },
        });
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
