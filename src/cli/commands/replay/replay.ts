import { resolve } from "node:path";
import { writePipeline } from "../../../config/infer/write.ts";
import { loadPipeline } from "../../../config/load.ts";
import { openingLines } from "../../../config/opening/opening-lines.ts";
import type { MessageOrigin } from "../../../io/outbox/alert-delivery.ts";
import type { SpareThreads } from "../../../runtime/clients/spare-threads.ts";
import type { CliContext } from "../../context.ts";
import { EXIT, exitCodeOf } from "../../exit-code.ts";
import { createFile } from "../../output-file.ts";
import { signalWithin } from "../../process/signal-within.ts";
import { formatCount, plural } from "../../render/format.ts";
import { failedChecks, requireLabels } from "./fail-on.ts";
import type { ReplayOptions } from "./options.ts";
import { ReplayNotes } from "./output/replay-notes.ts";
import { createReplayOutput, type ReplayOutput } from "./output/replay-output.ts";
import type { ReplaySender } from "./replay-sender.ts";
import {
  type RecordingListener,
  type RecordingOutcome,
  replayRecording,
} from "./run/replay-recording.ts";
import { type ReplayRequest, replayRequests } from "./run/replay-requests.ts";

/**
 * `iotmon replay`: shows which alerts recordings would have raised.
 *
 * @param spare Threads that are already running; the first replay uses them.
 * @returns The exit code: 1 when a `--fail-on` check is true, 69 when a message of `--send` was not delivered.
 */
export async function runReplay(
  files: readonly string[],
  options: ReplayOptions,
  context: CliContext,
  spare: SpareThreads,
): Promise<number> {
  const pipeline =
    options.pipeline === undefined
      ? null
      : await loadPipeline(resolve(context.cwd, options.pipeline), options.pipeline, context.env);
  if (options.sweep.length > 0) {
    const { runSweepReplay } = await import("./sweep/replay-sweep.ts");
    return runSweepReplay(files, options, pipeline, context);
  }
  if (options.compare !== undefined) {
    const { runCompareReplay } = await import("./compare/replay-compare.ts");
    return runCompareReplay(files, options.compare, options, pipeline, context);
  }
  const requests = await replayRequests(files, pipeline, options, context);
  const [request] = requests;
  const state = options.saveState;
  if (state !== undefined && request !== undefined) {
    const { checkSaveState } = await import("./save-state.ts");
    await checkSaveState(state, request.paths, context);
  }
  const log = (line: string): void => void context.stderr.write(`${line}\n`);
  const sender = options.send ? await openSender(pipeline, options, context, log) : null;
  try {
    const outcomes = await replayAll(requests, options, context, sender, spare);
    const [outcome] = outcomes;
    if (state !== undefined && request !== undefined && outcome !== undefined) {
      const { saveState } = await import("./save-state.ts");
      await saveState(state, request, outcome, context);
    }
    const isSent = sender === null || (await finishSending(sender, options, context));
    const failed = failedChecks(options.failOn, outcomes);
    for (const line of failed) log(line);
    if (failed.length > 0) return EXIT.checkFailed;
    return isSent ? EXIT.ok : exitCodeOf("ERR_UNAVAILABLE");
  } finally {
    await sender?.close();
  }
}

/** Runs the replays, and writes their results to standard output. */
async function replayAll(
  requests: readonly ReplayRequest[],
  options: ReplayOptions,
  context: CliContext,
  sender: ReplaySender | null,
  spare: SpareThreads,
): Promise<readonly RecordingOutcome[]> {
  const { stderr, signal } = context;
  const output = createReplayOutput(options, context);
  const outcomes: RecordingOutcome[] = [];
  for (const request of requests) {
    if (signal.aborted) break;
    const outcome = await runOne(request, context, output, sender, spare);
    outcomes.push(outcome);
    await output.finish(outcome);
    if (options.format === "table" && !options.quiet) stderr.write(`${speedLine(outcome)}\n`);
  }
  await output.end();
  return outcomes;
}

/** Opens the sender. Its code is a third of the program, so only `--send` loads it. */
async function openSender(...args: Parameters<typeof ReplaySender.open>): Promise<ReplaySender> {
  const { ReplaySender: Sender } = await import("./replay-sender.ts");
  return Sender.open(...args);
}

/** Waits for receivers and reports on the messages. @returns Whether all were delivered. */
async function finishSending(
  sender: ReplaySender,
  { sendWait, quiet }: ReplayOptions,
  { stderr, signal }: CliContext,
): Promise<boolean> {
  const { isComplete, lines } = await sender.finish(signalWithin(signal, sendWait));
  if (!quiet || !isComplete) for (const line of lines) stderr.write(`${line}\n`);
  return isComplete;
}

/** `22,695 readings in 0.81 s (28,018 rows/s)`. */
function speedLine({ result, seconds }: RecordingOutcome): string {
  const speed = formatCount(result.readings / Math.max(seconds, 1e-3));
  return `${plural(result.readings, "reading")} in ${seconds.toFixed(2)} s (${speed} rows/s)`;
}

async function runOne(
  request: ReplayRequest,
  context: CliContext,
  output: ReplayOutput,
  sender: ReplaySender | null,
  spare: SpareThreads,
): Promise<RecordingOutcome> {
  const { failOn, writePipeline: file } = request.options;
  const notes = await ReplayNotes.open(request.options, context);
  let origin: MessageOrigin | null = null;
  let labels: Readonly<Record<string, string>> = {};
  const listener: RecordingListener = {
    async start(recording) {
      origin = { plan: recording.pipeline.plan, keys: recording.keys };
      labels = recording.loaded.config.alerts.labels ?? {};
      requireLabels(failOn, recording.label);
      notes.opening(recording);
      if (file !== undefined && recording.inferred !== null) {
        const text = writePipeline(
          recording.inferred.document,
          openingLines(recording.readings.profile.format, recording.remarks),
        );
        await createFile("the pipeline file", file, text, context.cwd);
        notes.line(`wrote ${file}`);
      }
      output.start(recording);
    },
    async batch(events, ops) {
      await output.events(events);
      if (origin === null || sender === null) return;
      if (ops.length > 0) await sender.sendOps(ops, labels);
      await sender.send(events, origin);
    },
  };
  try {
    return await replayRecording(request, context, notes, listener, spare);
  } finally {
    notes.progress.clear();
  }
}
