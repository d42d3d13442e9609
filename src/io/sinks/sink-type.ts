import type { z } from "zod";
import type { IotmonError } from "../../core/errors.ts";
import type { Painter } from "./console/alert-line.ts";
import type { PostContext } from "./posting/poster.ts";
import type { Sink } from "./sink.ts";

/** What the program provides to sinks. */
export interface SinkContext extends PostContext {
  /** Output of the sink for people. */
  readonly stream: NodeJS.WritableStream;
  readonly painter: Painter;
  /**
   * Absolute path of a file that a setting names.
   *
   * @throws {IotmonError} `ERR_CONFIG` if the pipeline arrived over HTTP; it may then not name files.
   */
  filePath(setting: string, path: string): string;
  /**
   * Text of a file that a setting names.
   *
   * @throws {IotmonError} `ERR_CONFIG` if it can't be read, or as {@link filePath}.
   */
  readFile(setting: string, path: string): Promise<string>;
  /** An `ERR_CONFIG` at the place of a setting. */
  fault(setting: string, message: string): IotmonError;
}

/**
 * The secrecy of a setting. Outputs show only scheme and host of an address.
 *
 * - `text`: a text or a list of texts; must be a variable in a pipeline file.
 * - `address`: must be a variable if it has a password or token.
 * - `secret-address`: must be a variable.
 * - `headers`: those with names such as `Authorization` must be variables.
 */
export type SecretKind = "text" | "address" | "secret-address" | "headers";

/** The validated settings of a sink, and its name. */
type SinkSettings<Fields extends z.ZodRawShape> = z.output<z.ZodObject<Fields>> & {
  readonly name: string;
};

/** A fault between settings, such as two that exclude each other. */
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
  /** Name of the receiver in sentences. */
  readonly title: string;
  /** What the receiver gets, and its typical use; a phrase each, for `docs/delivery.md`. */
  readonly gets: string;
  readonly use: string;
  /** Settings with descriptions, except those of all sinks. */
  readonly fields: Fields;
  /** Settings that are secret. */
  readonly secrets: { readonly [Field in keyof Fields]?: SecretKind };
  /**
   * Where messages go. `watch` and `replay` print alerts themselves, so they leave out a sink to the output of the
   * program; `iotmon webhook test` tries those to the network.
   */
  readonly target: "output" | "file" | "network";
  /** Settings of a test message, instead of those in the pipeline. */
  readonly testSettings?: Partial<SinkSettings<Fields>>;
  /** Checks rules between settings. */
  faults?(settings: SinkSettings<Fields>): readonly SettingsFault[];
  /** Time without a message after which the receiver resolves an episode, ms. */
  expiresAfterMs?(settings: SinkSettings<Fields>): number;
  /**
   * Creates a sink. Opens only files with secrets. Imports packages and large modules here, not at the top of the
   * file, which every start loads.
   *
   * @throws {IotmonError} `ERR_CONFIG` if a file in the settings is unusable.
   */
  create(settings: SinkSettings<Fields>, context: SinkContext): Promise<Sink>;
}

/** Infers the types of the settings of a sink. */
export function sinkType<const Type extends string, Fields extends z.ZodRawShape>(
  type: SinkType<Type, Fields>,
): SinkType<Type, Fields> {
  return type;
}
