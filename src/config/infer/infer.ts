import type { Layout } from "../../core/layout.ts";
import type { ColumnProfile, InputProfile } from "../../io/decoders/decoder.ts";
import { type LoadedPipeline, pipelineError } from "../loaded-pipeline.ts";
import { pipelineOf } from "../parse.ts";
import { pipelineName } from "../pipeline-name.ts";
import { resolveColumns } from "../resolve/columns.ts";
import { Findings } from "../resolve/findings.ts";
import { type PipelineDocument, pipelineSchema } from "../schema/pipeline.ts";
import { listNames } from "../suggest.ts";
import { standardDetectorFeatures, standardFeatureName } from "./default-features.ts";
import { PIPELINE_PRESETS, type PipelinePreset, type PipelinePresetName } from "./presets.ts";

const LABEL = "inferred pipeline";

/** Where the readings are that a pipeline is inferred from. */
export interface InferSource {
  /** Key of rows without one, and name of the pipeline: the stem of the file. */
  readonly stem: string;
  /** Files as the user named them; empty: stdin. */
  readonly paths: readonly string[];
  /** Columns that are labels; undefined: those with a known name. */
  readonly labels?: readonly string[] | undefined;
  /** Undefined: `sensor`. */
  readonly preset?: PipelinePresetName | undefined;
}

/** A pipeline made up from a look at the input. */
export interface InferredPipeline {
  /** As it would be written to a file. */
  readonly document: PipelineDocument;
  readonly pipeline: LoadedPipeline;
  /** What was assumed beyond the notes of the profile, half a sentence each, for stderr. */
  readonly assumptions: readonly string[];
}

/**
 * Makes up a pipeline for an input: its timestamp, key and labels, the default features of every
 * numeric column, one ECOD detector and the default alerts; or what another preset has.
 *
 * @throws {IotmonError} `ERR_CONFIG` when nothing can be made of the input.
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
  const document = createDocument(layout, source, preset);
  return {
    document,
    pipeline: pipelineOf(document, { label: LABEL, variables: {}, locate }),
    assumptions: describe(layout, profile.columns, preset),
  };
}

function createDocument(
  layout: Layout,
  { stem, paths }: InferSource,
  preset: PipelinePreset,
): PipelineDocument {
  const { numeric } = layout;
  const labels = layout.labels.map(literal);
  const [path = "", ...more] = paths.map(literal);
  return {
    version: 1,
    name: pipelineName(stem),
    source:
      paths.length === 0
        ? { type: "stdin", format: "auto", labels }
        : {
            type: "file",
            path: more.length === 0 ? path : [path, ...more],
            format: "auto",
            labels,
          },
    buffer: {
      schema: Object.fromEntries([
        ...(layout.timestamp === null ? [] : [[layout.timestamp.column, "datetime"] as const]),
        ...(layout.key === null ? [] : [[layout.key, "str"] as const]),
        ...layout.numeric.map((name) => [name, "float"] as const),
        ...layout.labels.map((name) => [name, "bool"] as const),
        ...layout.text.map((name) => [name, "str"] as const),
      ]),
      max_rows: 10_000,
      key: layout.key === null ? null : literal(layout.key),
    },
    ...(preset.features.length === 0 ? {} : { features: createFeatures(numeric, preset) }),
    detectors: [
      {
        name: "anomaly",
        algorithm: "ecod",
        preset: preset.detector.preset,
        features: standardDetectorFeatures(numeric, preset.features, preset.columns).map(literal),
        ...preset.detector,
      },
    ],
    alerts: preset.alerts,
  };
}

function createFeatures(
  columns: readonly string[],
  { features }: PipelinePreset,
): NonNullable<PipelineDocument["features"]> {
  return features.flatMap((feature) => {
    const own = columns.filter((name) => !columns.includes(standardFeatureName(name, feature)));
    if (own.length === 0) return [];
    return {
      columns: own.map(literal),
      functions: [feature.function],
      ...(feature.rows === null ? {} : { windows: [feature.rows] }),
    };
  });
}

/** A name as a value of the document, where `${` would begin a variable. */
function literal(name: string): string {
  return name.replaceAll("${", "$$${");
}

function describe(
  layout: Layout,
  columns: readonly ColumnProfile[],
  { summary }: PipelinePreset,
): readonly string[] {
  const { timestamp, key, constantKey, numeric, labels } = layout;
  const left = columns.filter(
    ({ role, name }) => (role === "index" || role === "empty") && name !== key,
  );
  const times = columns.filter(({ role }) => role === "timestamp").length;
  return [
    ...(timestamp !== null && times > 1 ? [`time is "${timestamp.column}"`] : []),
    key === null
      ? `no column names the sensor: all rows are one, "${constantKey}"`
      : `sensors are told apart by "${key}"`,
    `watched: ${listNames(numeric)}`,
    ...(labels.length > 0 ? [`labels, never watched: ${listNames(labels)}`] : []),
    ...left.map(({ name, role }) =>
      role === "index" ? `"${name}" is left out: a running number` : `"${name}" is left out: empty`,
    ),
    `detector: ${summary}`,
  ];
}
