import { resolve } from "node:path";
import type { ReadingBuffer } from "../buffer/reading-buffer.ts";
import { type InferredPipeline, inferPipeline } from "../config/infer.ts";
import type { LoadedPipeline } from "../config/loaded-pipeline.ts";
import { type ResolvedPipeline, resolvePipeline } from "../config/resolve.ts";
import { recordingSource } from "../config/sources.ts";
import { withLabels } from "../config/with-labels.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import { IotmonError } from "../core/errors.ts";
import { KeyTable } from "../core/key-table.ts";
import type { Readings } from "../io/readings.ts";
import { RejectLog } from "../io/rejects.ts";
import type { BacktestResult } from "../report/backtest-result.ts";
import { replay } from "../report/replay.ts";
import { ScoresWriter } from "../report/scores-writer.ts";
import type { CliContext } from "./context.ts";
import { openReadings } from "./open-readings.ts";
import type { RejectLimit } from "./replay-options.ts";

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
  /** Files to write; null: not wanted. */
  readonly scores: string | null;
  readonly features: boolean;
  readonly rejects: string | null;
  readonly rejectLimit: RejectLimit | null;
}

/** What a command wants to hear while a recording is replayed. */
export interface RecordingListener {
  /** The pipeline is known. */
  start(
    pipeline: ResolvedPipeline,
    keys: KeyTable,
    inferred: InferredPipeline | null,
    readings: Readings,
  ): void;
  /** Something a user may want to know about a further input. */
  note(text: string): void;
  batch(messages: readonly AlertEvent[], readings: number, share: number | null): Promise<void>;
}

/** A recording that was replayed. */
export interface RecordingOutcome {
  readonly labels: readonly string[];
  readonly pipeline: ResolvedPipeline;
  readonly inferred: InferredPipeline | null;
  readonly keys: KeyTable;
  readonly result: BacktestResult;
  readonly buffer: ReadingBuffer;
  readonly bytes: number;
  readonly rejects: RejectLog;
  /** Label column that the metrics are about. */
  readonly label: string | null;
  /** Clock time, s. */
  readonly seconds: number;
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
  const readings = await openReadings(request.paths, { format: format ?? "auto", rename }, context);
  try {
    const inferred = request.pipeline === null ? infer(request, readings) : null;
    const loaded = inferred?.pipeline ?? labelled(request);
    const pipeline = resolvePipeline(loaded, readings.profile, readings.first.stem);
    const keys = new KeyTable(pipeline.maxKeys);
    listener.start(pipeline, keys, inferred, readings);
    const label = metricsLabel(pipeline.layout.labels, request.labels);
    const rejects = new RejectLog(atCwd(request.rejects, context));
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
          outOfOrder: source?.source.out_of_order ?? "process",
          label: label === null ? null : layout.labels.indexOf(label),
          from: request.from,
          to: request.to,
          limit: request.limit,
          speed: request.speed,
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
      const { labels } = readings;
      return { labels, pipeline, inferred, keys, label, rejects, seconds, ...outcome };
    } catch (error) {
      await scores?.discard();
      throw error;
    } finally {
      rejects.close();
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

/** The label column for metrics: the one asked for, else the first that is no change point. */
function metricsLabel(labels: readonly string[], wanted: string | undefined): string | null {
  return wanted ?? labels.find((name) => name.toLowerCase() !== "changepoint") ?? null;
}

async function openScores(
  { scores }: RecordingRequest,
  context: CliContext,
  options: Parameters<typeof ScoresWriter.open>[1],
): Promise<ScoresWriter | null> {
  return scores === null ? null : ScoresWriter.open(resolve(context.cwd, scores), options);
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
  const [first] = rejects.examples;
  const allowed = limit.kind === "count" ? `${limit.count}` : `${100 * limit.share} %`;
  throw new IotmonError(
    "ERR_DATA",
    `${total} rows were rejected; --max-rejects allows ${allowed}`,
    {
      at: first && `${first.input}:${first.line}`,
      hint: first && `The first one: ${first.detail}`,
    },
  );
}
