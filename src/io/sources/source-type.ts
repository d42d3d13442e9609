import type { Readable } from "node:stream";
import type { z } from "zod";
import type { LiveSource } from "./live/live-source.ts";

/** What the program provides to sources. */
export interface SourceContext {
  readonly stdin: Readable;
  /** Base of relative paths. */
  readonly cwd: string;
  /** Baud rate from the command line; null: the settings decide. */
  readonly baud: number | "auto" | null;
}

/** Validated settings of a source. */
type SourceSettings<Fields extends z.ZodRawShape> = z.output<z.ZodObject<Fields>>;

/**
 * A type of source: all that the program knows about it. The schema of pipelines, the sources of
 * `iotmon watch` and the tables in `docs/` are made from it.
 */
export interface SourceType<
  Type extends string = string,
  Fields extends z.ZodRawShape = z.ZodRawShape,
> {
  /** Name in pipeline files. */
  readonly type: Type;
  /** Settings, each with its description, beside those that all sources have. */
  readonly fields: Fields;
  /** Settings that no state directory and no message may show; `url` may have a user and a password. */
  readonly secrets?: readonly string[];
  /** Paths in the settings, or `-`, as on a command line. None: clients send the readings. */
  names(settings: SourceSettings<Fields>): readonly string[];
  /** Whether a name on a command line always means this type, as `-` means stdin. */
  isNamed(name: string): boolean;
  /** Whether `replay` can read `names` as recordings. */
  readonly isRecorded: boolean;
  /**
   * Opens `name` as a live source. Imports packages and large modules here, not at the top of the file, which every
   * start loads.
   *
   * @param settings Null: the pipeline has no settings for it.
   * @throws {IotmonError} `ERR_USAGE` if `watch` can't read it.
   */
  open(
    name: string,
    settings: SourceSettings<Fields> | null,
    context: SourceContext,
  ): Promise<LiveSource>;
}

/** Infers the types of the settings of a source. */
export function sourceType<const Type extends string, Fields extends z.ZodRawShape>(
  type: SourceType<Type, Fields>,
): SourceType<Type, Fields> {
  return type;
}
