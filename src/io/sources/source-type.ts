import type { Readable } from "node:stream";
import type { z } from "zod";
import type { LiveSource } from "./live/live-source.ts";

/** What sources need of the program. */
export interface SourceContext {
  readonly stdin: Readable;
  /** What relative paths start from. */
  readonly cwd: string;
  /** Baud rate from the command line; null: that of the settings. */
  readonly baud: number | "auto" | null;
}

/** Settings of a source, checked. */
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
  /** What the settings name, as on a command line: paths, or `-`. None: clients send the readings. */
  names(settings: SourceSettings<Fields>): readonly string[];
  /** Whether a name on a command line always means this type, as `-` means stdin. */
  isNamed(name: string): boolean;
  /** Whether `names` are recordings that `replay` can read. */
  readonly isRecorded: boolean;
  /**
   * Opens what `name` stands for, as a source that goes on. Packages and large modules are imported here,
   * not at the top of the file: every start loads that.
   *
   * @param settings Null: the pipeline has none for it.
   * @throws {IotmonError} `ERR_USAGE` when it can't be watched.
   */
  open(
    name: string,
    settings: SourceSettings<Fields> | null,
    context: SourceContext,
  ): Promise<LiveSource>;
}

/** Gives a type of source the types of its settings. */
export function sourceType<const Type extends string, Fields extends z.ZodRawShape>(
  type: SourceType<Type, Fields>,
): SourceType<Type, Fields> {
  return type;
}
