import { resolve } from "node:path";
import { loadPipeline } from "../../config/load.ts";
import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import { recordingSource } from "../../config/sources.ts";
import { writePipeline } from "../../config/write.ts";
import { IotmonError } from "../../core/errors.ts";
import { expandInputs } from "../../io/sources/expand-inputs.ts";
import type { CliContext } from "../context.ts";
import { createFile } from "../create-file.ts";
import { EXIT } from "../exit-code.ts";
import { createChalk } from "../render/color.ts";
import { renderFault } from "../render/error.ts";
import { startProgress } from "../render/progress.ts";
import {
  type Check,
  parseCheck,
  parseCount,
  parseRejectLimit,
  parseSpeed,
  parseTimeOption,
  type ReplayFlags,
} from "../replay-options.ts";
import { createReplayOutput } from "../replay-output.ts";
import {
  type RecordingOutcome,
  type RecordingRequest,
  replayRecording,
} from "../replay-recording.ts";

/** One replay, and where an inferred pipeline goes. */
interface ReplayRequest extends RecordingRequest {
  readonly writePipeline: string | null;
}

/** A part of a file name that stands for the recording's own, with `--each`. */
const STEM = "{stem}";

/**
 * `iotmon replay`: which alerts would have fired on recordings.
 *
 * @returns The exit code: 1 when a `--fail-on` check failed.
 */
export async function runReplay(
  files: readonly string[],
  flags: ReplayFlags,
  context: CliContext,
): Promise<number> {
  const checks = (flags.failOn ?? []).map(parseCheck);
  const top = parseCount("--top", flags.top, 0, 0);
  if (flags.features === true && flags.scores === undefined) {
    throw new IotmonError("ERR_USAGE", "--features says what the scores file holds", {
      hint: "Add --scores FILE",
    });
  }
  const pipeline =
    flags.pipeline === undefined
      ? null
      : await loadPipeline(resolve(context.cwd, flags.pipeline), flags.pipeline, context.env);
  if (pipeline !== null && flags.writePipeline !== undefined) {
    throw new IotmonError("ERR_USAGE", "--write-pipeline saves an inferred pipeline", {
      hint: "Leave out --pipeline, or --write-pipeline",
    });
  }
  const paths = files.length > 0 ? files : pathsOf(pipeline);
  const requests =
    flags.each === true
      ? await separately(paths, pipeline, flags, context)
      : [requestOf(paths, pipeline, flags)];
  const output = createReplayOutput(flags.format, {
    context,
    color: createChalk(context.stdout, context.env, flags.color),
    verbose: flags.verbose === true,
    several: flags.each === true,
    top,
  });
  const outcomes: RecordingOutcome[] = [];
  for (const request of requests) {
    if (context.signal.aborted) break;
    const outcome = await runOne(request, flags, context, output);
    outcomes.push(outcome);
    await output.finish(outcome);
  }
  await output.end();
  return failed(checks, outcomes, context) ? EXIT.checkFailed : EXIT.ok;
}

async function runOne(
  request: ReplayRequest,
  flags: ReplayFlags,
  context: CliContext,
  output: ReturnType<typeof createReplayOutput>,
): Promise<RecordingOutcome> {
  const { stderr, env } = context;
  const color = createChalk(stderr, env, flags.color);
  const say = (text: string): void => {
    if (flags.quiet !== true) stderr.write(`${text}\n`);
  };
  const progress = startProgress(stderr, flags.quiet !== true);
  try {
    const outcome = await replayRecording(request, context, {
      start(pipeline, keys, inferred, readings) {
        for (const text of [...readings.skipped, ...readings.profile.notes]) say(color.dim(text));
        for (const text of inferred?.assumptions ?? []) say(color.dim(text));
        if (flags.quiet !== true) {
          for (const fault of pipeline.warnings) stderr.write(renderFault("warning", fault, color));
        }
        output.start(pipeline, keys);
      },
      note(text) {
        progress.clear();
        say(text);
      },
      async batch(messages, readings, share) {
        progress.update(readings, share);
        await output.messages(messages);
      },
    });
    progress.clear();
    if (request.writePipeline !== null && outcome.inferred !== null) {
      const text = writePipeline(outcome.inferred.document);
      await createFile(request.writePipeline, text, context.cwd);
      say(`Wrote ${request.writePipeline}`);
    }
    return outcome;
  } finally {
    progress.clear();
  }
}

/** The recordings that the pipeline itself names. */
function pathsOf(pipeline: LoadedPipeline | null): readonly string[] {
  const source = pipeline === null ? undefined : recordingSource(pipeline.config)?.source;
  if (source?.type === "file") return [source.path].flat();
  throw new IotmonError("ERR_USAGE", "no recording to replay", {
    hint: "Name a file, or - for stdin: iotmon replay history.csv",
  });
}

/** A request for each recording by itself, for `--each`. */
async function separately(
  paths: readonly string[],
  pipeline: LoadedPipeline | null,
  flags: ReplayFlags,
  context: CliContext,
): Promise<readonly ReplayRequest[]> {
  const inputs = await expandInputs(paths, context);
  const stems = new Set(inputs.map(({ stem }) => stem));
  for (const file of [flags.scores, flags.rejects, flags.writePipeline]) {
    if (file === undefined || inputs.length === 1) continue;
    if (!file.includes(STEM)) {
      throw new IotmonError("ERR_USAGE", `with --each, several recordings would write ${file}`, {
        hint: `Put ${STEM} into the name: it stands for the recording's own name`,
      });
    }
    if (stems.size < inputs.length) {
      throw new IotmonError("ERR_USAGE", `two recordings of the same name would write ${file}`, {
        hint: "Replay them in two runs",
      });
    }
  }
  return inputs.map(({ label, stem }) => {
    const place = (file: string | null): string | null => file?.replaceAll(STEM, stem) ?? null;
    const request = requestOf([label], pipeline, flags);
    return {
      ...request,
      scores: place(request.scores),
      rejects: place(request.rejects),
      writePipeline: place(request.writePipeline),
    };
  });
}

function requestOf(
  paths: readonly string[],
  pipeline: LoadedPipeline | null,
  flags: ReplayFlags,
): ReplayRequest {
  return {
    paths,
    pipeline,
    inputFormat: flags.inputFormat,
    labels: flags.labels,
    from: parseTimeOption("--from", flags.from, Number.NEGATIVE_INFINITY),
    to: parseTimeOption("--to", flags.to, Number.POSITIVE_INFINITY),
    limit: parseCount("--limit", flags.limit, 1, Number.POSITIVE_INFINITY),
    speed: parseSpeed(flags.speed),
    scores: flags.scores ?? null,
    features: flags.features === true,
    rejects: flags.rejects ?? null,
    rejectLimit: parseRejectLimit(flags.maxRejects),
    writePipeline: flags.writePipeline ?? null,
  };
}

/** Whether a `--fail-on` check strikes; says which, and on what count. */
function failed(
  checks: readonly Check[],
  outcomes: readonly RecordingOutcome[],
  { stderr }: CliContext,
): boolean {
  let any = false;
  for (const { text, count, holds } of checks) {
    const total = outcomes.reduce((sum, outcome) => sum + countOf(count, outcome), 0);
    if (!holds(total)) continue;
    any = true;
    stderr.write(`failed: ${text} (${count} is ${total})\n`);
  }
  return any;
}

/** @throws {IotmonError} `ERR_USAGE` when the count needs labels and there are none. */
function countOf(count: string, { result, rejects }: RecordingOutcome): number {
  const { alerts, labels } = result;
  if (count === "alerts") return alerts.info + alerts.warning + alerts.critical;
  if (count === "info" || count === "warning" || count === "critical") return alerts[count];
  if (count === "rejects") return rejects.total;
  if (labels.length === 0) {
    throw new IotmonError("ERR_USAGE", `--fail-on ${count} needs labels, and there are none`, {
      hint: "Name their column with --labels COLUMN",
    });
  }
  return labels.reduce(
    (sum, { events, falseAlarms }) => sum + (count === "missed" ? events.missed : falseAlarms),
    0,
  );
}
