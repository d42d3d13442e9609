import { resolve } from "node:path";
import { loadPipeline } from "../../../config/load.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import { recordingSource } from "../../../config/sources.ts";
import { writePipeline } from "../../../config/write.ts";
import type { MessageOrigin } from "../../../io/outbox/alert-delivery.ts";
import type { SpareThreads } from "../../../runtime/spare-threads.ts";
import type { CliContext } from "../../context.ts";
import { EXIT, exitCodeOf } from "../../exit-code.ts";
import type { Check } from "../../options/kinds.ts";
import { createFile } from "../../output-file.ts";
import { signalWithin } from "../../process/signal-within.ts";
import { createChalk } from "../../render/color.ts";
import { plural } from "../../render/format.ts";
import { widthOf } from "../../render/width.ts";
import { failedChecks, requireLabels } from "./fail-on.ts";
import { startProgress } from "./output/progress.ts";
import { openingNotes, rejectNotes } from "./output/replay-notes.ts";
import { createReplayOutput, type ReplayOutput } from "./output/replay-output.ts";
import { parseReplayFlags, type ReplayFlags, type ReplaySettings } from "./replay-options.ts";
import type { ReplaySender } from "./replay-sender.ts";
import {
  type RecordingListener,
  type RecordingOutcome,
  replayRecording,
} from "./run/replay-recording.ts";
import { type ReplayRequest, replayRequests } from "./run/replay-requests.ts";

/**
 * `iotmon replay`: which alerts would have fired on recordings.
 *
 * @param spare Threads that were started before, for the first replay.
 * @returns The exit code: 1 when a `--fail-on` check holds, 69 when a message of `--send` was not delivered.
 */
export async function runReplay(
  files: readonly string[],
  flags: ReplayFlags,
  context: CliContext,
  spare: SpareThreads,
): Promise<number> {
  const settings = parseReplayFlags(flags);
  const pipeline =
    flags.pipeline === undefined
      ? null
      : await loadPipeline(resolve(context.cwd, flags.pipeline), flags.pipeline, context.env);
  if (flags.sweep !== undefined) {
    const { runSweepReplay } = await import("./sweep/replay-sweep.ts");
    return runSweepReplay(files, flags, settings, pipeline, context);
  }
  if (flags.compare !== undefined) {
    const { runCompareReplay } = await import("./compare/replay-compare.ts");
    return runCompareReplay(files, flags.compare, flags, settings, pipeline, context);
  }
  const requests = await replayRequests(files, pipeline, flags, settings, context);
  const [{ paths } = { paths: [] }] = requests;
  if (flags.saveState !== undefined) {
    const { checkSaveState } = await import("./save-state.ts");
    await checkSaveState(flags.saveState, paths, context);
  }
  const output = createReplayOutput(flags.format, {
    context,
    color: createChalk(context.stdout, context.env, flags.color),
    verbose: flags.verbose === true,
    several: flags.each === true,
    top: settings.top,
  });
  const say = (line: string): void => void context.stderr.write(`${line}\n`);
  const sender = flags.send === true ? await openSender(pipeline, flags, context, say) : null;
  try {
    const outcomes: RecordingOutcome[] = [];
    for (const request of requests) {
      if (context.signal.aborted) break;
      const outcome = await runOne(request, settings.checks, flags, context, output, sender, spare);
      outcomes.push(outcome);
      await output.finish(outcome);
    }
    await output.end();
    const [outcome] = outcomes;
    if (flags.saveState !== undefined && outcome !== undefined) {
      await keepState(flags.saveState, paths, pipeline, outcome, settings, flags, context);
    }
    const isSent = sender === null || (await finishSending(sender, settings, flags, context));
    const failed = failedChecks(settings.checks, outcomes);
    for (const line of failed) say(line);
    if (failed.length > 0) return EXIT.checkFailed;
    return isSent ? EXIT.ok : exitCodeOf("ERR_UNAVAILABLE");
  } finally {
    await sender?.close();
  }
}

/** Loads what sends only when something is sent: that is a third of the program. */
async function openSender(...args: Parameters<typeof ReplaySender.open>): Promise<ReplaySender> {
  const { ReplaySender: Sender } = await import("./replay-sender.ts");
  return Sender.open(...args);
}

async function keepState(
  state: string,
  paths: readonly string[],
  file: LoadedPipeline | null,
  outcome: RecordingOutcome,
  { to, limit }: ReplaySettings,
  flags: ReplayFlags,
  context: CliContext,
): Promise<void> {
  const { inputFormat, quiet } = flags;
  const source = file === null ? null : recordingSource(file.config);
  const { rename = {}, format = "auto" } = source?.source ?? {};
  const wanted = inputFormat === "auto" ? format : inputFormat;
  const request = { state, paths, inputFormat: wanted, rename, file, end: { to, limit } };
  const { saveState } = await import("./save-state.ts");
  const count = await saveState(request, outcome, context);
  if (quiet !== true) {
    const next = `\`iotmon watch --state ${state}\` goes on with it`;
    context.stderr.write(
      `kept in ${state} what was learned from ${plural(count, "reading")}; ${next}\n`,
    );
  }
}

/** Waits for receivers and says what became of the messages. @returns Whether all were delivered. */
async function finishSending(
  sender: ReplaySender,
  { sendWaitMs }: ReplaySettings,
  { quiet }: ReplayFlags,
  { stderr, signal }: CliContext,
): Promise<boolean> {
  const { isComplete, lines } = await sender.finish(signalWithin(signal, sendWaitMs));
  if (quiet !== true || !isComplete) for (const line of lines) stderr.write(`${line}\n`);
  return isComplete;
}

async function runOne(
  request: ReplayRequest,
  checks: readonly Check[],
  flags: ReplayFlags,
  context: CliContext,
  output: ReplayOutput,
  sender: ReplaySender | null,
  spare: SpareThreads,
): Promise<RecordingOutcome> {
  const { stderr, env, cwd } = context;
  const color = createChalk(stderr, env, flags.color);
  const width = widthOf(stderr);
  const progress = await startProgress(stderr, flags.quiet !== true);
  const say = (text: string): void => {
    progress.clear();
    if (flags.quiet !== true) stderr.write(text);
  };
  let origin: MessageOrigin | null = null;
  try {
    const listener: RecordingListener = {
      async start(recording) {
        origin = { plan: recording.pipeline.plan, keys: recording.keys };
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
        if (origin !== null) await sender?.send(messages, origin);
      },
      rejected: (rejects) => say(rejectNotes(rejects, request.rejects, color, width)),
    };
    return await replayRecording(request, context, listener, spare);
  } finally {
    progress.clear();
  }
}
