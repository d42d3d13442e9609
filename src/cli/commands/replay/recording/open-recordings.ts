import { basename } from "node:path";
import { parseLabelFile } from "../../../../backtest/labels/parse-label-file.ts";
import { SpanLabels } from "../../../../backtest/labels/span-labels.ts";
import type { InferredPipeline } from "../../../../config/infer/infer.ts";
import type { LoadedPipeline } from "../../../../config/loaded-pipeline.ts";
import { openingRemarks } from "../../../../config/opening/opening-remarks.ts";
import { refuseDoubts, refuseUnreadTime } from "../../../../config/opening/refuse-doubts.ts";
import { pipelineOf } from "../../../../config/parse.ts";
import { type ResolvedPipeline, resolvePipeline } from "../../../../config/resolve.ts";
import { decodeOptions, recordingSource } from "../../../../config/sources.ts";
import { withLabels } from "../../../../config/with-labels.ts";
import { KeyTable } from "../../../../core/key-table.ts";
import { type TimeDisplay, timesOfInput } from "../../../../core/timestamp/time-display.ts";
import type { TimeFormatSettings } from "../../../../io/decoders/columns/time/time-finding.ts";
import type { Remark } from "../../../../io/decoders/input-profile.ts";
import type { Readings } from "../../../../io/readings.ts";
import type { CliContext } from "../../../context.ts";
import { inferRecording } from "../../../recordings/infer-recording.ts";
import { openReadings } from "../../../recordings/open-readings.ts";
import { type LabelChoice, openLabels } from "./open-labels.ts";

/** Which recordings to open, and how to read them. */
export interface RecordingRequest {
  readonly paths: readonly string[];
  /** Null: infer it. */
  readonly pipeline: LoadedPipeline | null;
  readonly inputFormat: string;
  /** What the command line says about times. */
  readonly times: Partial<TimeFormatSettings>;
  /** Zone of shown times; undefined: UTC. */
  readonly zone: string | undefined;
  /** Whether doubts about the input are an error. */
  readonly strict: boolean;
  /** Column or file; undefined: a column with a known label name. */
  readonly labels: string | undefined;
}

/** An opened recording with its pipeline and labels. */
export interface OpenedRecording {
  readonly readings: Readings;
  /** The pipeline as written, with the label column of `--labels`. */
  readonly loaded: LoadedPipeline;
  readonly pipeline: ResolvedPipeline;
  /** Null: the user gave the pipeline. */
  readonly inferred: InferredPipeline | null;
  /** How the recording is read. */
  readonly remarks: readonly Remark[];
  readonly keys: KeyTable;
  /** How times are shown. */
  readonly shownTimes: TimeDisplay;
  /** Name of the label column or label file for the metrics; null: no labels. */
  readonly label: string | null;
  /** Its index in `Batch.labels`; null: no labels. */
  readonly labelIndex: number | null;
  /** Labels of a label file; null: there is no label file. */
  readonly spans: SpanLabels | null;
}

/**
 * Opens recordings as one stream, finds or infers their pipeline, and finds their labels. The caller
 * closes the readings.
 */
export async function openRecordings(
  request: RecordingRequest,
  context: CliContext,
): Promise<OpenedRecording> {
  const given = request.pipeline;
  const source = given === null ? undefined : recordingSource(given.config)?.source;
  const format = request.inputFormat === "auto" ? source?.format : request.inputFormat;
  const decode = decodeOptions(source, request.times, given?.config.buffer);
  const options = { format: format ?? "auto", decode };
  const readings = await openReadings(request.paths, options, context).catch((error) => {
    context.signal.throwIfAborted(); // the user stopped it before enough was read
    throw error;
  });
  try {
    const choice = await openLabels(request.labels, readings, context.cwd);
    const column = choice?.kind === "column" ? choice.column : undefined;
    const recorded = given === null ? recordedPipeline(readings, context) : null;
    const inferred =
      given === null && recorded === null ? await infer(request, column, readings) : null;
    const loaded = inferred?.pipeline ?? labelled(recorded ?? given, column);
    const pipeline = resolvePipeline(loaded, readings.profile, readings.first.stem);
    const sensors = await readings.nameSensors(pipeline.layout);
    const opened = { readings, loaded, inferred, pipeline, sensors };
    const remarks = remarksOn(opened, request.strict);
    const keys = new KeyTable(pipeline.maxKeys);
    const spans = spanLabels(choice, pipeline, readings);
    const { labels } = pipeline.layout;
    const known = column ?? knownLabel(labels);
    // the column of a label file comes after the label columns of the recording
    const { label, labelIndex } =
      choice?.kind === "file"
        ? { label: basename(choice.label), labelIndex: labels.length }
        : { label: known, labelIndex: known === null ? null : labels.indexOf(known) };
    const shownTimes = timesOfInput(request.zone, pipeline.layout.timestamp);
    return {
      ...{ readings, loaded, pipeline, inferred, remarks, keys, shownTimes },
      ...{ label, labelIndex, spans },
    };
  } catch (error) {
    readings.close();
    throw error;
  }
}

/** @throws {IotmonError} `ERR_DATA` if the times are not understood; with `strict`, if there are doubts. */
function remarksOn(
  {
    readings,
    loaded,
    inferred,
    pipeline,
    sensors,
  }: Pick<OpenedRecording, "readings" | "loaded" | "inferred" | "pipeline"> & {
    readonly sensors: readonly string[] | null;
  },
  strict: boolean,
): readonly Remark[] {
  const { profile, first, session } = readings;
  const { layout, plan } = pipeline;
  const opened = {
    profile,
    layout,
    plan,
    isLive: session !== null,
    sensors,
    inputs: readings.inputs.length,
  };
  const isDeclared = inferred === null && loaded.config.buffer.schema !== undefined;
  refuseUnreadTime(opened, first.label, isDeclared);
  const remarks = openingRemarks(opened);
  if (strict) refuseDoubts(remarks, first.label);
  return remarks;
}

function infer(
  { paths }: RecordingRequest,
  labels: string | undefined,
  readings: Readings,
): Promise<InferredPipeline> {
  return inferRecording(readings, {
    paths: paths.filter((path) => path !== "-"),
    labels: labels === undefined ? undefined : [labels],
  });
}

/** The pipeline that ran while this session was recorded; null: it is not a recorded session. */
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

/** The label column without `--labels`: the first one, except change points. */
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
