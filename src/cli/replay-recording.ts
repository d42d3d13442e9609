import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { ReadingBuffer } from "../buffer/reading-buffer.ts";
import { type InferredPipeline, inferPipeline } from "../config/infer.ts";
import type { LoadedPipeline } from "../config/loaded-pipeline.ts";
import { type ResolvedPipeline, resolvePipeline } from "../config/resolve.ts";
import { recordingSource } from "../config/sources.ts";
import { suggestAndList } from "../config/suggest.ts";
import { withLabels } from "../config/with-labels.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import { IotmonError } from "../core/errors.ts";
import { KeyTable } from "../core/key-table.ts";
import type { Readings } from "../io/readings.ts";
import { RejectLog } from "../io/rejects.ts";
import type { BacktestResult } from "../report/backtest-result.ts";
import { replay } from "../report/replay.ts";
import { ScoresWriter } from "../report/scores-writer.ts";
import { workersThatPay } from "../runtime/create-runtime.ts";
import type { CliContext } from "./context.ts";
import { openReadings } from "./open-readings.ts";
import type { RejectLimit } from "./option-values.ts";

/** One replay, its options understood. */
export interface RecordingRequest {
  readonly paths: readonly string[];
  /** Null: infer one. */
  readonly pipeline: LoadedPipeline | null;
  readonly inputFormat: string;
  readonly labels: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly speed: number;
  /** Null: as many as pay. */
  readonly workers: number | null;
  /** Whether episodes withheld by the cooldown are wanted, or only their number. */
  readonly keepWithheld: boolean;
  /** Files to write; null: not wanted. */
  readonly scores: string | null;
  readonly features: boolean;
  readonly rejects: string | null;
  readonly rejectLimit: RejectLimit | null;
}

/** What a command wants to hear while a recording is replayed. */
export interface RecordingListener {
  /** Everything is known but the readings. An error thrown here ends the run before it began. */
  start(recording: OpenedRecording): Promise<void>;
  /** Something a user may want to know about a further input. */
  note(text: string): void;
  batch(messages: readonly AlertEvent[], readings: number, share: number | null): Promise<void>;
  /** At the end, also of a run that failed: rows could not be used. */
  rejected(rejects: RejectLog): void;
}

/** A recording that was looked at, and the pipeline it will go through. */
export interface OpenedRecording {
  readonly readings: Readings;
  readonly pipeline: ResolvedPipeline;
  /** Null: the user gave the pipeline. */
  readonly inferred: InferredPipeline | null;
  readonly keys: KeyTable;
  /** Label column that the metrics are about; null: none. */
  readonly label: string | null;
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

/** Replays one stream of recordings, and writes the files that were asked for. */
export async function replayRecording(
  request: RecordingRequest,
  context: CliContext,
  listener: RecordingListener,
): Promise<RecordingOutcome> {
  const start = performance.now();
  const source = request.pipeline === null ? null : recordingSource(request.pipeline.config);
  const format = request.inputFormat === "auto" ? source?.source.format : request.inputFormat;
  const rename = source?.source.rename ?? {};
  const options = { format: format ?? "auto", rename };
  const readings = await openReadings(request.paths, options, context).catch((error) => {
    context.signal.throwIfAborted(); // there was too little to look at because the user stopped it
    throw error;
  });
  try {
    requireColumn(request.labels, readings);
    const inferred = request.pipeline === null ? infer(request, readings) : null;
    const loaded = inferred?.pipeline ?? labelled(request);
    const pipeline = resolvePipeline(loaded, readings.profile, readings.first.stem);
    const keys = new KeyTable(pipeline.maxKeys);
    const label = metricsLabel(pipeline.layout.labels, request.labels);
    const opened = { readings, pipeline, inferred, keys, label };
    await listener.start(opened);
    const rejects = new RejectLog(atCwd(request.rejects, context), request.rejects ?? undefined);
    const { plan, layout } = pipeline;
    const { features } = request;
    const scores = await openScores(request, context, {
      plan,
      keys,
      inputs: readings.labels,
      features,
    });
    try {
      const outcome = await replay(
        readings.batches({
          layout,
          keys,
          reject: (reject) => rejects.add(reject),
          note: (text) => listener.note(text),
        }),
        {
          pipeline,
          keys,
          outOfOrder: pipeline.outOfOrder,
          label: label === null ? null : layout.labels.indexOf(label),
          from: request.from,
          to: request.to,
          limit: request.limit,
          speed: request.speed,
          keepWithheld: request.keepWithheld,
          workers: request.workers ?? workersFor(readings, pipeline),
          scores,
          signal: context.signal,
          onBatch: async (messages, count) => {
            checkRejects(rejects, count, request.rejectLimit, false);
            await listener.batch(messages, count, readings.progress);
          },
        },
      );
      checkRejects(rejects, outcome.result.readings, request.rejectLimit, true);
      await scores?.close();
      const seconds = (performance.now() - start) / 1000;
      const stopped = context.signal.aborted;
      return { ...opened, ...outcome, rejects, seconds, stopped };
    } catch (error) {
      await scores?.discard();
      throw error;
    } finally {
      rejects.close();
      if (rejects.total > 0) listener.rejected(rejects);
    }
  } finally {
    readings.close();
  }
}

function infer({ paths, labels }: RecordingRequest, readings: Readings): InferredPipeline {
  return inferPipeline(readings.profile, {
    stem: readings.first.stem,
    paths: paths.filter((path) => path !== "-"),
    labels: labels === undefined ? undefined : [labels],
  });
}

function labelled({ pipeline, labels }: RecordingRequest): LoadedPipeline {
  if (pipeline === null) throw new RangeError("There is no pipeline");
  return labels === undefined ? pipeline : withLabels(pipeline, labels);
}

/** Workers that pay for this recording. */
function workersFor(readings: Readings, { layout }: ResolvedPipeline): number {
  const key = readings.profile.columns.find(({ name }) => name === layout.key);
  return workersThatPay(availableParallelism(), key?.distinct ?? 1, readings.size);
}

function requireColumn(labels: string | undefined, { profile }: Readings): void {
  const names = profile.columns.map(({ name }) => name);
  if (labels === undefined || names.includes(labels)) return;
  throw new IotmonError("ERR_USAGE", `--labels: the recording has no column "${labels}"`, {
    hint: suggestAndList(labels, names, "Columns are"),
  });
}

/** The label column for metrics: the one asked for, else the first that is no change point. */
function metricsLabel(labels: readonly string[], wanted: string | undefined): string | null {
  return wanted ?? labels.find((name) => name.toLowerCase() !== "changepoint") ?? null;
}

async function openScores(
  { scores }: RecordingRequest,
  context: CliContext,
  options: Parameters<typeof ScoresWriter.open>[1],
): Promise<ScoresWriter | null> {
  return scores === null ? null : ScoresWriter.open(resolve(context.cwd, scores), options, scores);
}

function atCwd(path: string | null, { cwd }: CliContext): string | null {
  return path === null ? null : resolve(cwd, path);
}

/** @param atEnd A share is judged only once everything was read. */
function checkRejects(
  rejects: RejectLog,
  readings: number,
  limit: RejectLimit | null,
  atEnd: boolean,
): void {
  if (limit === null) return;
  const { total } = rejects;
  const share = total / Math.max(1, readings + total);
  const tooMany = limit.kind === "count" ? total > limit.count : atEnd && share > limit.share;
  if (!tooMany) return;
  const allowed = limit.kind === "count" ? `${limit.count}` : `${100 * limit.share} %`;
  const rows = readings + total;
  const [first] = rejects.examples;
  const found = limit.kind === "count" ? `${total}` : `${total} of ${rows}`;
  const noun = (limit.kind === "count" ? total : rows) === 1 ? "row" : "rows";
  throw new IotmonError("ERR_DATA", `${found} ${noun} rejected; --max-rejects allows ${allowed}`, {
    at: first && `${first.input}:${first.line}`,
    hint: first && `The first one: ${first.detail}`,
  });
}
