import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { replay } from "../../../../backtest/replay.ts";
import type { BacktestResult } from "../../../../backtest/result/backtest-result.ts";
import { ScoresWriter } from "../../../../backtest/scores/scores-writer.ts";
import type { ReadingBuffer } from "../../../../buffer/reading-buffer.ts";
import type { ResolvedPipeline } from "../../../../config/resolve.ts";
import { shownDocument } from "../../../../config/sinks/shown-document.ts";
import type { AlertEvent } from "../../../../core/alerts/alert-event.ts";
import { isoTime } from "../../../../core/timestamp/iso-time.ts";
import type { EnginePlan } from "../../../../engine/plan.ts";
import { reportImplausible } from "../../../../io/implausible.ts";
import type { Readings } from "../../../../io/readings.ts";
import { RejectLog } from "../../../../io/rejects.ts";
import type { ReportWriter } from "../../../../report/report-writer.ts";
import type { SpareThreads } from "../../../../runtime/clients/spare-threads.ts";
import { workersThatPay } from "../../../../runtime/workers-that-pay.ts";
import type { CliContext } from "../../../context.ts";
import { lookAtRecording, type OpenedRecording } from "../../../recordings/open-recording.ts";
import type { ReplayOptions } from "../options.ts";
import { readBody } from "../output/read-body.ts";
import { checkRejects } from "./check-rejects.ts";
import type { ReplayRequest } from "./replay-requests.ts";
import { reproductionOf } from "./reproduction.ts";

/** What a command wants to hear while a recording is replayed. */
export interface RecordingListener {
  /** Everything is known but the readings. An error thrown here ends the run before it began. */
  start(recording: OpenedRecording): Promise<void>;
  /** Something a user may want to know about a further input. */
  note(text: string): void;
  batch(messages: readonly AlertEvent[], readings: number, share: number | null): Promise<void>;
  /** At the end, also of a run that failed: rows could not be used, or values can't be true. */
  rejected(rejects: RejectLog): void;
}

/** A recording that was replayed. */
export interface RecordingOutcome extends OpenedRecording {
  readonly result: BacktestResult;
  readonly buffer: ReadingBuffer;
  /** Held by windows and models at the end. */
  readonly bytes: number;
  readonly rejects: RejectLog;
  /** Clock time, s. */
  readonly seconds: number;
  /** The user stopped it before its end. */
  readonly stopped: boolean;
}

/**
 * Replays one stream of recordings, and writes the files that were asked for.
 *
 * @param spare Threads that were started before.
 */
export async function replayRecording(
  request: ReplayRequest,
  context: CliContext,
  listener: RecordingListener,
  spare?: SpareThreads,
): Promise<RecordingOutcome> {
  const start = performance.now();
  const { paths, pipeline: given, options } = request;
  const { inputFormat, labels } = options;
  const opened = await lookAtRecording({ paths, pipeline: given, inputFormat, labels }, context);
  const { readings, loaded, pipeline, keys, spans, label, labelIndex } = opened;
  try {
    await listener.start(opened);
    const missing = missingBefore(readings);
    if (missing !== null) listener.note(`${missing}: results differ until warm`);
    for (const text of spans?.notes ?? []) listener.note(text);
    const rejects = new RejectLog(
      options.rejects === undefined ? null : resolve(context.cwd, options.rejects),
      options.rejects,
    );
    const { plan, layout } = pipeline;
    const { features } = options;
    const scores = await openScores(options, context, {
      plan,
      keys,
      inputs: readings.labels,
      features,
    });
    let report: ReportWriter | null = null;
    try {
      report = await openReport(options, context, plan, labelIndex);
      const read = readings.batches({
        layout,
        keys,
        reject: (reject) => rejects.add(reject),
        note: (text) => listener.note(text),
      });
      const batches = reportImplausible(read, pipeline.ranges, readings.labels, (cell) =>
        rejects.addImplausible(cell),
      );
      const outcome = await replay(spans?.label(batches, keys) ?? batches, {
        pipeline,
        keys,
        label: labelIndex,
        from: options.from,
        to: options.to,
        limit: options.limit,
        speed: options.speed,
        keepSuppressed: hasAllEpisodes(options),
        workers: options.workers ?? workersFor(readings, pipeline),
        spare,
        scores,
        series: report?.series,
        times: readings.session?.times,
        signal: context.signal,
        onBatch: async (messages, count) => {
          checkRejects(rejects, count, options.maxRejects, false);
          await listener.batch(messages, count, readings.progress);
        },
      });
      for (const text of spans?.findings(keys, isWhole(options, context)) ?? [])
        listener.note(text);
      checkRejects(rejects, outcome.result.readings, options.maxRejects, true);
      await scores?.close();
      const seconds = (performance.now() - start) / 1000;
      const stopped = context.signal.aborted;
      const { result } = outcome;
      await report?.close({
        ...{ plan, keys, result, label },
        read: readBody(readings, rejects, stopped),
        settings: shownDocument(loaded.document),
        reproduction: await reproductionOf(request, opened, context.cwd),
      });
      return { ...opened, ...outcome, rejects, seconds, stopped };
    } catch (error) {
      await scores?.discard();
      await report?.discard();
      throw error;
    } finally {
      rejects.close();
      if (rejects.total + rejects.implausible.size > 0) listener.rejected(rejects);
    }
  } finally {
    readings.close();
  }
}

/** What a recording of `watch` does not have. */
function missingBefore({ session }: Readings): string | null {
  if (session === null || !session.header.warm) return null;
  const { gap } = session.header;
  return gap === undefined
    ? "the recording began with what was learned before"
    : `the recording goes on after a gap that began at ${isoTime(gap)}`;
}

/** Workers that pay for this recording. */
function workersFor(readings: Readings, { layout }: ResolvedPipeline): number {
  const key = readings.profile.columns.find(({ name }) => name === layout.key);
  return workersThatPay(availableParallelism(), key?.distinct ?? 1, readings.size);
}

async function openScores(
  { scores }: ReplayOptions,
  context: CliContext,
  options: Parameters<typeof ScoresWriter.open>[1],
): Promise<ScoresWriter | null> {
  return scores === undefined
    ? null
    : ScoresWriter.open(resolve(context.cwd, scores), options, scores);
}

async function openReport(
  { report }: ReplayOptions,
  { cwd }: CliContext,
  plan: EnginePlan,
  label: number | null,
): Promise<ReportWriter | null> {
  if (report === undefined) return null;
  const { ReportWriter: Writer } = await import("../../../../report/report-writer.ts");
  return Writer.open(resolve(cwd, report), report, plan, label);
}

/** Whether the output has the episodes that the cooldown suppressed, or only their number. */
function hasAllEpisodes({ format, report }: ReplayOptions): boolean {
  return format === "json" || format === "csv" || report !== undefined;
}

/** Whether the recording was read to its end. */
function isWhole({ to, limit }: ReplayOptions, { signal }: CliContext): boolean {
  const endless = Number.POSITIVE_INFINITY;
  return !signal.aborted && to === endless && limit === endless;
}
