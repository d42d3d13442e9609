import { resolve } from "node:path";
import { loadPipeline } from "../../config/load.ts";
import { writePipeline } from "../../config/write.ts";
import type { CliContext } from "../context.ts";
import { createFile } from "../create-file.ts";
import { EXIT } from "../exit-code.ts";
import { failedChecks, requireLabels } from "../fail-on.ts";
import type { Check } from "../option-values.ts";
import { createChalk } from "../render/color.ts";
import { startProgress } from "../render/progress.ts";
import { openingNotes, rejectNotes } from "../render/replay-notes.ts";
import { parseReplayFlags, type ReplayFlags } from "../replay-options.ts";
import { createReplayOutput, type ReplayOutput } from "../replay-output.ts";
import { type RecordingOutcome, replayRecording } from "../replay-recording.ts";
import { type ReplayRequest, replayRequests } from "../replay-requests.ts";

/**
 * `iotmon replay`: which alerts would have fired on recordings.
 *
 * @returns The exit code: 1 when a `--fail-on` check holds.
 */
export async function runReplay(
  files: readonly string[],
  flags: ReplayFlags,
  context: CliContext,
): Promise<number> {
  const settings = parseReplayFlags(flags);
  const pipeline =
    flags.pipeline === undefined
      ? null
      : await loadPipeline(resolve(context.cwd, flags.pipeline), flags.pipeline, context.env);
  const requests = await replayRequests(files, pipeline, flags, settings, context);
  const output = createReplayOutput(flags.format, {
    context,
    color: createChalk(context.stdout, context.env, flags.color),
    verbose: flags.verbose === true,
    several: flags.each === true,
    top: settings.top,
  });
  const outcomes: RecordingOutcome[] = [];
  for (const request of requests) {
    if (context.signal.aborted) break;
    const outcome = await runOne(request, settings.checks, flags, context, output);
    outcomes.push(outcome);
    await output.finish(outcome);
  }
  await output.end();
  const failed = failedChecks(settings.checks, outcomes);
  for (const line of failed) context.stderr.write(`${line}\n`);
  return failed.length > 0 ? EXIT.checkFailed : EXIT.ok;
}

async function runOne(
  request: ReplayRequest,
  checks: readonly Check[],
  flags: ReplayFlags,
  context: CliContext,
  output: ReplayOutput,
): Promise<RecordingOutcome> {
  const { stderr, env, cwd } = context;
  const color = createChalk(stderr, env, flags.color);
  const width = stderr.columns ?? Number.POSITIVE_INFINITY;
  const progress = await startProgress(stderr, flags.quiet !== true);
  const say = (text: string): void => {
    progress.clear();
    if (flags.quiet !== true) stderr.write(text);
  };
  try {
    return await replayRecording(request, context, {
      async start(recording) {
        requireLabels(checks, recording.label);
        say(openingNotes(recording, color, width));
        const { writePipeline: file } = request;
        if (file !== null && recording.inferred !== null) {
          const text = writePipeline(recording.inferred.document);
          await createFile("the pipeline file", file, text, cwd);
          say(`wrote ${file}\n`);
        }
        output.start(recording);
      },
      note: (text) => say(`${text}\n`),
      async batch(messages, readings, share) {
        progress.update(readings, share);
        await output.messages(messages);
      },
      rejected: (rejects) => say(rejectNotes(rejects, request.rejects, color, width)),
    });
  } finally {
    progress.clear();
  }
}
