import type { z } from "zod";
import type { IotmonError } from "../../core/errors.ts";
import type { Painter } from "./console/alert-line.ts";
import type { PostContext } from "./posting/poster.ts";
import type { Sink } from "./sink.ts";

/** What sinks need of the program. */
export interface SinkContext extends PostContext {
  /** Where a sink for people writes. */
  readonly stream: NodeJS.WritableStream;
  readonly painter: Painter;
  /**
   * Absolute path of a file that a setting names.
   *
   * @throws {IotmonError} `ERR_CONFIG` when the pipeline came over HTTP and so may name no file.
   */
  filePath(setting: string, path: string): string;
  /**
   * Text of a file that a setting names.
   *
   * @throws {IotmonError} `ERR_CONFIG` when it can't be read, or as {@link filePath}.
   */
  readFile(setting: string, path: string): Promise<string>;
  /** An `ERR_CONFIG` at the place of a setting. */
  fault(setting: string, message: string): IotmonError;
}

/**
 * How secret a setting is. All but scheme and host of an address is hidden in every output.
 *
 * - `text`: a text or a list of texts; must be a variable in a pipeline file.
 * - `address`: must be a variable when a password or a token is in it.
 * - `secret-address`: must be a variable.
 * - `headers`: those with names such as `Authorization` must be variables.
 */
export type SecretKind = "text" | "address" | "secret-address" | "headers";

/** Settings of a sink, checked, and the name of the sink. */
type SinkSettings<Fields extends z.ZodRawShape> = z.output<z.ZodObject<Fields>> & {
  readonly name: string;
};

/** Two settings that exclude each other, or the like. */
interface SettingsFault {
  readonly setting: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * A type of sink: all that the program knows about it. The schema of pipelines, the check of secrets, the
 * tables in `docs/` and `iotmon webhook test` are made from it.
 */
export interface SinkType<
  Type extends string = string,
  Fields extends z.ZodRawShape = z.ZodRawShape,
> {
  /** Name in pipeline files. */
  readonly type: Type;
  /** How sentences name the receiver. */
  readonly title: string;
  /** What the receiver gets, and who uses it; half a sentence each, for `docs/delivery.md`. */
  readonly gets: string;
  readonly use: string;
  /** Settings, each with its description, beside those that all sinks have. */
  readonly fields: Fields;
  /** Settings that are secret. */
  readonly secrets: { readonly [Field in keyof Fields]?: SecretKind };
  /** Whether it posts over the network, so that `iotmon webhook test` can try it. */
  readonly posts: boolean;
  /** Settings of a test message, instead of those in the pipeline. */
  readonly testSettings?: Partial<SinkSettings<Fields>>;
  /** What the schema of single settings can't say. */
  faults?(settings: SinkSettings<Fields>): readonly SettingsFault[];
  /** Time without a message after which the receiver takes an episode for resolved, ms. */
  expiresAfterMs?(settings: SinkSettings<Fields>): number;
  /**
   * Creates a sink. Opens nothing but files that hold secrets. Packages and large modules are imported
   * here, not at the top of the file: every start loads that.
   *
   * @throws {IotmonError} `ERR_CONFIG` when a file that a setting names can't be used.
   */
  create(settings: SinkSettings<Fields>, context: SinkContext): Promise<Sink>;
}

/** Gives a type of sink the types of its settings. */
export function sinkType<const Type extends string, Fields extends z.ZodRawShape>(
  type: SinkType<Type, Fields>,
): SinkType<Type, Fields> {
  return type;
}
