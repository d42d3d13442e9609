import { basename } from "node:path";
import { parseLabelFile } from "../../../../backtest/labels/parse-label-file.ts";
import { SpanLabels } from "../../../../backtest/labels/span-labels.ts";
import { type InferredPipeline, inferPipeline } from "../../../../config/infer/infer.ts";
import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import { pipelineOf } from "../../../../config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../../../config/resolve.ts";
import { recordingSource } from "../../../../config/sources.ts";
import { withLabels } from "../../../../config/with-labels.ts";
import { KeyTable } from "../../../../core/key-table.ts";
import type { Readings } from "../../../../io/readings.ts";
import type { CliContext } from "../../../context.ts";
import { openReadings } from "../../../recordings/open-readings.ts";
import { type LabelChoice, openLabels } from "./open-labels.ts";

/** Which recordings, how they are read, and what for. */
export interface RecordingRequest {
  readonly paths: readonly string[];
  /** Null: infer one. */
  readonly pipeline: LoadedPipeline | null;
  readonly inputFormat: string;
  /** Column or file; undefined: a column with a known name. */
  readonly labels: string | undefined;
}

/** A recording that was looked at, and the pipeline it will go through. */
export interface OpenedRecording {
  readonly readings: Readings;
  /** As written, with the label column that was asked for. */
  readonly loaded: LoadedPipeline;
  readonly pipeline: ResolvedPipeline;
  /** Null: the user gave the pipeline. */
  readonly inferred: InferredPipeline | null;
  readonly keys: KeyTable;
  /** Name of the label column, or of the file of labels, that the metrics are about; null: none. */
  readonly label: string | null;
  /** Where in `Batch.labels` it is; null: nowhere. */
  readonly labelIndex: number | null;
  /** Labels that a file gives; null: none does. */
  readonly spans: SpanLabels | null;
}

/**
 * Opens recordings, finds or infers their pipeline, and their labels. Whoever reads no batches closes
 * the readings.
 */
export async function openRecordings(
  request: RecordingRequest,
  context: CliContext,
): Promise<OpenedRecording> {
  const given = request.pipeline;
  const source = given === null ? null : recordingSource(given.config);
  const format = request.inputFormat === "auto" ? source?.source.format : request.inputFormat;
  const options = { format: format ?? "auto", rename: source?.source.rename ?? {} };
  const readings = await openReadings(request.paths, options, context).catch((error) => {
    context.signal.throwIfAborted(); // there was too little to look at because the user stopped it
    throw error;
  });
  try {
    const choice = await openLabels(request.labels, readings, context.cwd);
    const column = choice?.kind === "column" ? choice.column : undefined;
    const recorded = given === null ? recordedPipeline(readings, context) : null;
    const inferred = given === null && recorded === null ? infer(request, column, readings) : null;
    const loaded = inferred?.pipeline ?? labelled(recorded ?? given, column);
    const pipeline = resolvePipeline(loaded, readings.profile, readings.first.stem);
    const keys = new KeyTable(pipeline.maxKeys);
    const spans = spanLabels(choice, pipeline, readings);
    const { labels } = pipeline.layout;
    const known = column ?? knownLabel(labels);
    // labels of a file are behind those of the recording
    const { label, labelIndex } =
      choice?.kind === "file"
        ? { label: basename(choice.label), labelIndex: labels.length }
        : { label: known, labelIndex: known === null ? null : labels.indexOf(known) };
    return { readings, loaded, pipeline, inferred, keys, label, labelIndex, spans };
  } catch (error) {
    readings.close();
    throw error;
  }
}

function infer(
  { paths }: RecordingRequest,
  labels: string | undefined,
  readings: Readings,
): InferredPipeline {
  return inferPipeline(readings.profile, {
    stem: readings.first.stem,
    paths: paths.filter((path) => path !== "-"),
    labels: labels === undefined ? undefined : [labels],
  });
}

/** The pipeline that ran while this was recorded; null: it is no recording of `watch`. */
function recordedPipeline(
  { session, first }: Readings,
  { env }: CliContext,
): LoadedPipeline | null {
  if (session === null) return null;
  const { name, document } = session.header;
  return pipelineOf(document, { label: first.label, name, variables: env });
}

function labelled(pipeline: LoadedPipeline | null, labels: string | undefined): LoadedPipeline {
  if (pipeline === null) throw new RangeError("There is no pipeline");
  return labels === undefined ? pipeline : withLabels(pipeline, labels);
}

/** The label column for metrics when none was asked for: the first that is no change point. */
function knownLabel(labels: readonly string[]): string | null {
  return labels.find((name) => name.toLowerCase() !== "changepoint") ?? null;
}

function spanLabels(
  choice: LabelChoice | null,
  { layout }: ResolvedPipeline,
  readings: Readings,
): SpanLabels | null {
  if (choice?.kind !== "file") return null;
  const file = parseLabelFile(choice.text, choice.label, layout.key);
  return new SpanLabels(file, readings.paths);
}
