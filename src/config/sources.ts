import type { TimeFormatSettings } from "../io/decoders/columns/time/time-finding.ts";
import type { DecodeOptions } from "../io/decoders/decode-context.ts";
import { sourceTypeOf } from "../io/sources/registry.ts";
import type { Path } from "./document.ts";
import type { BufferConfig } from "./schema/buffer.ts";
import type { PipelineConfig } from "./schema/pipeline.ts";
import type { SourceConfig } from "./schema/source.ts";
import { areDefault, DEFAULT_TIME } from "./schema/time.ts";

/** A source of a pipeline and its path in the document. */
export interface PlacedSource {
  readonly source: SourceConfig;
  readonly path: Path;
}

/** All sources, in the order in which they are written. */
export function sourcesOf(config: PipelineConfig): readonly PlacedSource[] {
  const { source } = config;
  if (source === undefined) return [];
  return Array.isArray(source)
    ? source.map((entry, i) => ({ source: entry, path: ["source", i] }))
    : [{ source, path: ["source"] }];
}

/**
 * How the input of a source is read.
 *
 * @param source Undefined: nothing is set.
 * @param given What the command line says about times, instead of the source.
 * @param buffer The columns of the pipeline.
 */
export function decodeOptions(
  source: SourceConfig | undefined,
  given: Partial<TimeFormatSettings> = {},
  buffer: Pick<BufferConfig, "schema" | "key" | "join"> = {},
): DecodeOptions {
  const { rename = {}, columns, time = DEFAULT_TIME } = source ?? {};
  const { values, missing, decimal_mark: decimalMark } = source ?? {};
  const isSet = values !== undefined || missing !== undefined || decimalMark !== undefined;
  const written = { ...time.written, ...given };
  return {
    rename,
    ...(columns === undefined ? {} : { columns }),
    ...(isSet ? { cells: { values, missing, decimalMark } } : {}),
    ...(areDefault(written) ? {} : { time: written }),
    ...shapeOptions(source, buffer),
  };
}

/** What a source and the columns of the pipeline say about the shape of the input; nothing if they say nothing. */
function shapeOptions(
  source: SourceConfig | undefined,
  { schema, key, join }: Pick<BufferConfig, "schema" | "key" | "join">,
): Pick<DecodeOptions, "shape"> {
  const { pivot, melt } = source ?? {};
  const shape = {
    ...(pivot === undefined ? {} : { pivot }),
    ...(melt === undefined ? {} : { melt }),
    ...(join === undefined ? {} : { join }),
    ...(key === undefined ? {} : { key: key === null ? null : [key].flat() }),
    ...(schema === undefined ? {} : { isDeclared: true }),
  };
  return Object.keys(shape).length === 0 ? {} : { shape };
}

/** The source whose options (format, rename, set, labels) recordings are read with: a file's, else the first. */
export function recordingSource(config: PipelineConfig): PlacedSource | null {
  const all = sourcesOf(config);
  return all.find(({ source }) => sourceTypeOf(source.type).isRecorded) ?? all[0] ?? null;
}

/** Paths of the recordings that a pipeline names; null: it names none. */
export function recordingPaths(config: PipelineConfig): readonly string[] | null {
  const source = recordingSource(config)?.source;
  if (source === undefined) return null;
  const type = sourceTypeOf(source.type);
  return type.isRecorded ? type.names(source) : null;
}
