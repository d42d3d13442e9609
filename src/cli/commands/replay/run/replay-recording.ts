import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { type ReplayOutcome, replay } from "../../../../backtest/replay.ts";
import type { ReadBody } from "../../../../backtest/result/result-body.ts";
import { ScoresWriter } from "../../../../backtest/scores/scores-writer.ts";
import type { ResolvedPipeline } from "../../../../config/resolve.ts";
import { shownDocument } from "../../../../config/sinks/shown-document.ts";
import type { AlertEvent } from "../../../../core/alerts/alert-event.ts";
import type { EnginePlan } from "../../../../engine/plan.ts";
import type { OpsEvent } from "../../../../io/messages/message-fields.ts";
import type { Readings } from "../../../../io/readings.ts";
import type { ReportWriter } from "../../../../report/report-writer.ts";
import type { SpareThreads } from "../../../../runtime/clients/spare-threads.ts";
import { fastestWorkerCount } from "../../../../runtime/fastest-worker-count.ts";
import type { CliContext } from "../../../context.ts";
import { timesGiven } from "../../../options/time-options.ts";
import type { ReplayOptions } from "../options.ts";
import type { ReplayNotes } from "../output/replay-notes.ts";
import { type OpenedRecording, openRecordings } from "../recording/open-recordings.ts";
import { RecordingReader } from "../recording/recording-reader.ts";
import type { ReplayRequest } from "./replay-requests.ts";
import { reproductionOf } from "./reproduction.ts";

/** Takes the course of a replay. */
export interface RecordingListener {
  /** Called before the first reading. An error thrown here ends the replay. */
  start(recording: OpenedRecording): Promise<void>;
  /** Called after each batch with its events, and those about the clocks and values of sensors. */
  batch(events: readonly AlertEvent[], ops: readonly OpsEvent[]): Promise<void>;
}

/** A recording that was replayed. */
export interface RecordingOutcome extends OpenedRecording, ReplayOutcome {
  readonly read: ReadBody;
  /** Clock time, s. */
  readonly seconds: number;
}

/**
 * Replays one stream of recordings, and writes the files that the options name.
 *
 * @param spare Threads that are already running.
 */
export async function replayRecording(
  request: ReplayRequest,
  context: CliContext,
  notes: ReplayNotes,
  listener: RecordingListener,
  spare?: SpareThreads,
): Promise<RecordingOutcome> {
  const start = performance.now();
  const { paths, pipeline: given, options } = request;
  const { inputFormat, zone, strict, labels, from, to, limit, speed, features } = options;
  const opened = await openRecordings(
    { paths, pipeline: given, inputFormat, times: timesGiven(options), zone, strict, labels },
    context,
  );
  const { readings, loaded, pipeline, keys, label, labelIndex } = opened;
  const { plan } = pipeline;
  try {
    await listener.start(opened);
    const reader = new RecordingReader(opened, options, context, notes);
    const columns = { plan, keys, inputs: readings.labels, features };
    const scores = await openScores(options, context, columns);
    let report: ReportWriter | null = null;
    try {
      report = await openReport(options, context, plan, labelIndex);
      const outcome = await replay(reader.batches(), {
        ...{ pipeline, keys, label: labelIndex, from, to, limit, speed, spare, scores },
        keepSuppressed: hasAllEpisodes(options),
        workers: options.workers ?? workersFor(readings, pipeline),
        series: report?.series,
        times: readings.session?.times,
        signal: context.signal,
        onTimes: reader.times,
        onValues: reader.values,
        onRows: reader.rows,
        async onBatch(events, count) {
          reader.checkCount(count);
          notes.progress.update(count, readings.progress);
          await listener.batch(events, reader.takeOpsEvents());
        },
      });
      await listener.batch([], reader.takeOpsEvents());
      reader.checkEnd(outcome.result.readings);
      await scores?.close();
      const seconds = (performance.now() - start) / 1000;
      const read = reader.body();
      await report?.close({
        ...{ plan, keys, label, read, times: opened.shownTimes },
        ...{ result: outcome.result, buffer: outcome.buffer },
        settings: shownDocument(loaded.document),
        reproduction: await reproductionOf(request, opened, context.cwd),
      });
      return { ...opened, ...outcome, read, seconds };
    } catch (error) {
      await scores?.discard();
      await report?.discard();
      throw error;
    } finally {
      reader.close();
    }
  } finally {
    readings.close();
  }
}

/** The number of workers that makes this replay fastest. */
function workersFor(readings: Readings, { layout }: ResolvedPipeline): number {
  const key = readings.profile.columns.find(({ name }) => name === layout.key);
  return fastestWorkerCount(availableParallelism(), key?.distinct ?? 1, readings.size);
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

/** Whether the output lists suppressed episodes; otherwise it only counts them. */
function hasAllEpisodes({ format, report }: ReplayOptions): boolean {
  return format === "json" || format === "csv" || report !== undefined;
}
