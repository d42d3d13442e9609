import { resolve } from "node:path";
import {
  type AlertComparison,
  compareAlerts,
  comparisonBody,
} from "../../../../backtest/comparison/compare-alerts.ts";
import { alertSpans } from "../../../../backtest/comparison/match-alerts.ts";
import { loadPipeline } from "../../../../config/load.ts";
import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import { IotmonError } from "../../../../core/errors.ts";
import type { CliContext } from "../../../context.ts";
import { EXIT } from "../../../exit-code.ts";
import { createChalk } from "../../../render/color.ts";
import { widthOf, writeResult } from "../../../render/stream.ts";
import { failedChecks, requireLabels } from "../fail-on.ts";
import type { ReplayOptions } from "../options.ts";
import { ReplayNotes } from "../output/replay-notes.ts";
import { outcomeBody } from "../output/replay-output.ts";
import { type RecordingOutcome, replayRecording } from "../run/replay-recording.ts";
import { type ReplayRequest, replayRequests } from "../run/replay-requests.ts";
import { type ComparedSide, renderComparison } from "./compare-table.ts";

/**
 * `iotmon replay --compare`: compares the alerts of two pipelines on the same recordings.
 *
 * @param other Path of the other pipeline's file.
 * @returns The exit code: 1 when a `--fail-on` check is true for the other pipeline.
 */
export async function runCompareReplay(
  files: readonly string[],
  other: string,
  options: ReplayOptions,
  pipeline: LoadedPipeline | null,
  context: CliContext,
): Promise<number> {
  const candidate = await loadPipeline(resolve(context.cwd, other), other, context.env);
  const [request] = await replayRequests(files, pipeline, options, context);
  if (request === undefined || request.paths.includes("-")) throw readTwice();
  const first = await runSide(request, context);
  context.signal.throwIfAborted();
  const again = {
    ...request,
    pipeline: candidate,
    options: { ...request.options, rejects: undefined },
  };
  const second = await runSide(again, context);
  context.signal.throwIfAborted();
  const comparison = compareAlerts(spansOf(first), spansOf(second));
  const sides = [
    { name: options.pipeline ?? "inferred", outcome: first },
    { name: other, outcome: second },
  ] as const;
  await show(sides, comparison, options, context);
  const failed = failedChecks(options.failOn, [second], comparison);
  for (const line of failed) context.stderr.write(`${line}\n`);
  return failed.length > 0 ? EXIT.checkFailed : EXIT.ok;
}

async function runSide(request: ReplayRequest, context: CliContext): Promise<RecordingOutcome> {
  const notes = await ReplayNotes.open(request.options, context);
  try {
    return await replayRecording(request, context, notes, {
      async start(recording) {
        requireLabels(request.options.failOn, recording.label);
        notes.opening(recording);
      },
      batch: async () => {},
    });
  } finally {
    notes.progress.clear();
  }
}

function spansOf({ result, pipeline, keys }: RecordingOutcome) {
  return alertSpans(result.episodes, pipeline.plan, (key) => keys.name(key));
}

async function show(
  [first, second]: readonly [ComparedSide, ComparedSide],
  comparison: AlertComparison,
  { format, top, color: wanted }: ReplayOptions,
  { stdout, env, signal }: CliContext,
): Promise<void> {
  const title = first.outcome.readings.labels.join(" + ");
  const color = createChalk(stdout, env, wanted);
  const times = first.outcome.shownTimes;
  const view = { title, first, second, comparison, top, times, color, width: widthOf(stdout) };
  const text =
    format === "json"
      ? `${JSON.stringify(
          {
            comparison: comparisonBody(comparison),
            first: { file: first.name, ...outcomeBody(first.outcome) },
            second: { file: second.name, ...outcomeBody(second.outcome) },
          },
          null,
          2,
        )}\n`
      : renderComparison(view);
  await writeResult(stdout, text, signal);
}

function readTwice(): IotmonError {
  return new IotmonError(
    "ERR_USAGE",
    "--compare reads the recording twice, and stdin can be read only once",
    { hint: "Save it to a file and name the file" },
  );
}
