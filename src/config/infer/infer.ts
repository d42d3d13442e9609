import type { Layout } from "../../core/layout.ts";
import { isoTime } from "../../core/timestamp/iso-time.ts";
import { isRelativeFormat, type TimePlan } from "../../core/timestamp/time-plan.ts";
import { NO_TIME_FORMAT } from "../../io/decoders/columns/time/time-finding.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";
import { type Melt, shapedKey } from "../../io/decoders/shape/shape.ts";
import { type LoadedPipeline, pipelineError } from "../loaded-pipeline.ts";
import { pipelineOf } from "../parse.ts";
import { pipelineName } from "../pipeline-name.ts";
import { metersOf, resolveColumns } from "../resolve/columns.ts";
import { Findings } from "../resolve/findings.ts";
import { type PipelineDocument, pipelineSchema } from "../schema/pipeline.ts";
import { budgetFor } from "./budget-for.ts";
import { cellSettings, unitSettings } from "./cell-settings.ts";
import {
  METER_FEATURES,
  type StandardFeature,
  standardDetectorFeatures,
  standardFeatureName,
  type WatchedColumns,
} from "./default-features.ts";
import { PIPELINE_PRESETS, type PipelinePreset, type PipelinePresetName } from "./presets.ts";

const LABEL = "inferred pipeline";

/** The input from which a pipeline is inferred. */
export interface InferSource {
  /** Stem of the file: the name of the pipeline, and the key of rows without one. */
  readonly stem: string;
  /** Files as the user named them; empty: stdin. */
  readonly paths: readonly string[];
  /** Label columns; by default those with a known name. */
  readonly labels?: readonly string[] | undefined;
  /** By default `sensor`. */
  readonly preset?: PipelinePresetName | undefined;
  /** Time between the first and the last reading of a finished recording, ms; by default unknown or endless. */
  readonly spanMs?: number | undefined;
}

/** A pipeline inferred from a sample of the input. */
export interface InferredPipeline {
  /** The pipeline as a file would contain it. */
  readonly document: PipelineDocument;
  readonly pipeline: LoadedPipeline;
  /** Its detector, as a phrase. */
  readonly summary: string;
}

/**
 * Infers a pipeline from an input: its timestamp, key and labels, rolling features of every numeric column,
 * one ECOD detector and alerts. The preset decides the last three.
 *
 * @throws {IotmonError} `ERR_CONFIG` when no pipeline fits the input.
 */
export function inferPipeline(profile: InputProfile, source: InferSource): InferredPipeline {
  const locate = (): string => LABEL;
  const findings = new Findings(locate);
  const { labels } = source;
  const given = labels === undefined ? {} : { source: { type: "stdin", labels } };
  const empty = pipelineSchema.parse({ version: 1, ...given });
  const layout = resolveColumns(empty, profile, source.stem, findings);
  if (findings.faults.length > 0) throw pipelineError(LABEL, findings.faults);
  const preset = PIPELINE_PRESETS[source.preset ?? "sensor"];
  const budget = "budget" in preset.alerts ? budgetFor(source.spanMs) : null;
  const document = createDocument(layout, profile, source, preset, budget?.rate);
  return {
    document,
    pipeline: pipelineOf(document, { label: LABEL, variables: {}, locate }),
    summary: budget === null ? preset.summary : `${preset.summary}, budget ${budget.reason}`,
  };
}

function createDocument(
  layout: Layout,
  profile: InputProfile,
  { stem, paths }: InferSource,
  preset: PipelinePreset,
  budget: string | undefined,
): PipelineDocument {
  const { numeric } = layout;
  const meters = metersOf(profile, layout);
  const keys = keysOf(layout, profile);
  const labels = layout.labels.map(literal);
  const [path = "", ...more] = paths.map(literal);
  const read = {
    format: "auto" as const,
    time: layout.timestamp === null ? { format: NO_TIME_FORMAT } : timeOf(layout.timestamp),
    ...shapeOf(profile),
    ...cellSettings(profile, layout, literal),
    labels,
  };
  const units = unitSettings(profile, layout);
  return {
    version: 1,
    name: pipelineName(stem),
    source:
      paths.length === 0
        ? { type: "stdin", ...read }
        : { type: "file", path: more.length === 0 ? path : [path, ...more], ...read },
    buffer: {
      schema: Object.fromEntries([
        ...(layout.timestamp?.columns ?? []).map((name) => [name, "datetime"] as const),
        ...keys.map((name) => [name, "str"] as const),
        ...layout.numeric.map((name) => [name, "float"] as const),
        ...layout.labels.map((name) => [name, "bool"] as const),
        ...layout.text.map((name) => [name, "str"] as const),
      ]),
      ...(Object.keys(units).length === 0 ? {} : { columns: units }),
      max_rows: 10_000,
      key: keys.length > 1 ? keys.map(literal) : keys.length === 0 ? null : literal(keys[0] ?? ""),
      ...(profile.joins === true ? { join: true } : {}),
    },
    ...featuresSection({ numeric, meters }, preset),
    detectors: [
      {
        name: "anomaly",
        algorithm: "ecod",
        preset: preset.detector.preset,
        features: standardDetectorFeatures(
          { numeric, meters },
          preset.features,
          preset.columns,
        ).map(literal),
        ...preset.detector,
      },
    ],
    alerts: { ...preset.alerts, ...(budget === undefined ? {} : { budget }) },
  };
}

/** Columns of the input that name the sensor. */
function keysOf({ key }: Layout, { shape }: InputProfile): readonly string[] {
  if (key === null) return [];
  if (shape === undefined || key !== shapedKey(shape)) return [key];
  return shape.melt === null ? shape.key : [...shape.key, shape.melt.key];
}

/** `source.pivot` and `source.melt`. */
function shapeOf({ shape }: InputProfile): {
  readonly pivot?: {
    readonly name: string | string[];
    readonly value: string;
    readonly path?: boolean;
  };
  readonly melt?: Omit<Melt, "columns"> & { readonly columns: string | string[] };
} {
  const { pivot = null, melt = null } = shape ?? {};
  const listed = (names: readonly string[]): string | string[] => {
    const [first = "", ...others] = names.map(literal);
    return others.length === 0 ? first : [first, ...others];
  };
  return {
    ...(pivot === null
      ? {}
      : {
          pivot: {
            ...{ name: listed(pivot.name), value: literal(pivot.value) },
            ...(pivot.path ? { path: true } : {}),
          },
        }),
    ...(melt === null
      ? {}
      : { melt: { columns: listed(melt.columns), value: melt.value, key: melt.key } }),
  };
}

/** `source.time`: with it, the next reading needs no detection. Times without a date count from 1970. */
function timeOf({ columns, format, zone, start }: TimePlan): {
  readonly columns: string | string[];
  readonly format: string;
  readonly zone?: string;
  readonly start?: string;
} {
  const [first = "", ...others] = columns.map(literal);
  return {
    columns: others.length === 0 ? first : [first, ...others],
    format: literal(format),
    ...(zone === null ? {} : { zone }),
    ...(isRelativeFormat(format) ? { start: isoTime(start ?? 0) } : {}),
  };
}

function featuresSection(
  { numeric, meters = [] }: WatchedColumns,
  { features }: PipelinePreset,
): Pick<PipelineDocument, "features"> {
  const others = numeric.filter((name) => !meters.includes(name));
  const all = [
    ...createFeatures(others, numeric, features),
    ...createFeatures(meters, numeric, METER_FEATURES),
  ];
  return all.length === 0 ? {} : { features: all };
}

/** @param columns Names that features can't have. */
function createFeatures(
  names: readonly string[],
  columns: readonly string[],
  features: readonly StandardFeature[],
): NonNullable<PipelineDocument["features"]> {
  return features.flatMap((feature) => {
    const own = names.filter((name) => !columns.includes(standardFeatureName(name, feature)));
    if (own.length === 0) return [];
    return {
      columns: own.map(literal),
      functions: [feature.function],
      ...(feature.rows === null ? {} : { windows: [feature.rows] }),
    };
  });
}

/** Escapes a name for the document, where `${` would begin a variable. */
function literal(name: string): string {
  return name.replaceAll("${", "$$${");
}
