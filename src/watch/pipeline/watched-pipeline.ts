import { type InferredPipeline, inferPipeline } from "../../config/infer.ts";
import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import { resolvePipeline } from "../../config/resolve.ts";
import type { ColumnType } from "../../config/schema/buffer.ts";
import type { PipelineConfig } from "../../config/schema/pipeline.ts";
import type { Layout } from "../../core/layout.ts";
import type { InputProfile } from "../../io/decoders/decoder.ts";

/** A pipeline as a hub takes it. */
export interface WatchedPipeline {
  /** Without its sinks. */
  readonly config: PipelineConfig;
  readonly document: unknown;
}

/** The columns of several sources as one; of columns of the same name the first one counts. */
export function mergeProfiles(profiles: readonly InputProfile[]): InputProfile {
  const columns = new Map(
    [...profiles]
      .reverse()
      .flatMap(({ columns: own }) => own.map((column) => [column.name, column])),
  );
  const names = new Set(profiles.flatMap(({ columns: own }) => own.map(({ name }) => name)));
  const [first] = profiles;
  if (first === undefined) throw new RangeError("There is no profile");
  return { ...first, columns: [...names].flatMap((name) => columns.get(name) ?? []) };
}

/**
 * A pipeline for sources that nothing else is known of.
 *
 * @param stem Short name of the first one.
 * @throws {IotmonError} `ERR_CONFIG` when nothing can be made of them.
 */
export function inferWatched(
  profile: InputProfile,
  stem: string,
): WatchedPipeline & Pick<InferredPipeline, "assumptions"> {
  const { document, pipeline, assumptions } = inferPipeline(profile, { stem, paths: [] });
  return { config: { ...pipeline.config, sinks: [] }, document, assumptions };
}

/**
 * The pipeline of a file. Columns that it does not declare are those of its sources.
 *
 * @param profile Null: it declares them.
 * @throws {IotmonError} `ERR_CONFIG` when it does not fit them.
 */
export function completeWatched(
  loaded: LoadedPipeline,
  profile: InputProfile | null,
  stem: string,
): WatchedPipeline {
  const { config, document } = loaded;
  const plain = { ...config, sinks: [] };
  if (profile === null) return { config: plain, document };
  const { layout } = resolvePipeline(loaded, profile, stem);
  const { key = layout.key } = config.buffer;
  return {
    config: { ...plain, buffer: { ...config.buffer, schema: schemaOf(layout), key } },
    document,
  };
}

function schemaOf({ timestamp, key, numeric, labels, text }: Layout): Record<string, ColumnType> {
  const of = (names: readonly string[], type: ColumnType) =>
    names.map((name) => [name, type] as const);
  return Object.fromEntries([
    ...of(timestamp === null ? [] : [timestamp.column], "datetime"),
    ...of(key === null ? [] : [key], "str"),
    ...of(numeric, "float"),
    ...of(labels, "bool"),
    ...of(text, "str"),
  ]);
}
