import { type InferredPipeline, inferPipeline } from "../../config/infer/infer.ts";
import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import { refuseUnreadTime } from "../../config/opening/refuse-doubts.ts";
import { resolvePipeline } from "../../config/resolve.ts";
import type { ColumnType } from "../../config/schema/buffer.ts";
import { type PipelineConfig, withoutReceivers } from "../../config/schema/pipeline.ts";
import type { Layout } from "../../core/layout.ts";
import type { InputProfile } from "../../io/decoders/input-profile.ts";

/** A pipeline as the state machine takes it. */
export interface WatchedPipeline {
  /** Without its sinks. */
  readonly config: PipelineConfig;
  readonly document: unknown;
}

/** The names of a source. */
export interface Named {
  /** Short. */
  readonly stem: string;
  /** As the user named it. */
  readonly label: string;
}

/** The columns of several sources as one profile. Of columns with the same name, the first one counts. */
export function mergeProfiles(profiles: readonly InputProfile[]): InputProfile {
  const columns = new Map(
    [...profiles]
      .reverse()
      .flatMap(({ columns: own }) => own.map((column) => [column.name, column])),
  );
  const names = new Set(profiles.flatMap(({ columns: own }) => own.map(({ name }) => name)));
  const [first] = profiles;
  if (first === undefined) throw new RangeError("There is no profile");
  const time = profiles.find((profile) => profile.time?.kind === "plan")?.time ?? first.time;
  return { ...first, time, columns: [...names].flatMap((name) => columns.get(name) ?? []) };
}

/**
 * Infers a pipeline from the columns of its sources.
 *
 * @param named The first source.
 * @throws {IotmonError} As `inferPipeline`; `ERR_DATA` if a date is not understood.
 */
export function inferWatched(
  profile: InputProfile,
  { stem, label }: Named,
): WatchedPipeline & Pick<InferredPipeline, "summary"> {
  const { document, pipeline, summary } = inferPipeline(profile, { stem, paths: [] });
  const { layout } = resolvePipeline(pipeline, profile, stem);
  refuseUnreadTime({ profile, layout, isLive: true }, label, false);
  return { config: withoutReceivers(pipeline.config), document, summary };
}

/**
 * Completes the pipeline of a file: it takes the columns that it does not declare from its sources.
 *
 * @param profile Columns of the sources; null: the pipeline declares its columns.
 * @param named The first source.
 * @throws {IotmonError} `ERR_CONFIG` when the pipeline does not fit them; `ERR_DATA` if a date is not understood.
 */
export function completeWatched(
  loaded: LoadedPipeline,
  profile: InputProfile | null,
  { stem, label }: Named,
): WatchedPipeline {
  const { config, document } = loaded;
  const plain = withoutReceivers(config);
  if (profile === null) return { config: plain, document };
  const { layout, join } = resolvePipeline(loaded, profile, stem);
  refuseUnreadTime({ profile, layout, isLive: true }, label, config.buffer.schema !== undefined);
  const { key: given } = config.buffer;
  const key = typeof given === "string" ? given : layout.key;
  const completed = { schema: schemaOf(layout), key, ...(join ? { join } : {}) };
  return {
    config: { ...plain, buffer: { ...config.buffer, ...completed } },
    document,
  };
}

function schemaOf({ timestamp, key, numeric, labels, text }: Layout): Record<string, ColumnType> {
  const of = (names: readonly string[], type: ColumnType) =>
    names.map((name) => [name, type] as const);
  return Object.fromEntries([
    ...of(timestamp?.columns ?? [], "datetime"),
    ...of(key === null ? [] : [key], "str"),
    ...of(numeric, "float"),
    ...of(labels, "bool"),
    ...of(text, "str"),
  ]);
}
