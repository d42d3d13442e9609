import type { Batch } from "../../core/batch.ts";
import type { Input } from "../sources/inputs/input.ts";
import type { DecodeContext, DecodeOptions } from "./decode-context.ts";
import type { InputProfile } from "./input-profile.ts";
import type { LineFormat } from "./lines/line-format.ts";
import type { RevisableContext } from "./lines/revision.ts";

/** The properties of every format. */
interface Format<Name extends string> {
  /** Name in `source.format` and `--input-format`. */
  readonly name: Name;
  /** Its appearance and its possible inputs; a phrase each, for `docs/input.md`. */
  readonly summary: string;
  readonly inputs: string;
}

/** A format that decodes a stream of bytes. The output does not depend on the chunks. */
export interface Decoder<Profile extends InputProfile = InputProfile, Name extends string = string>
  extends Format<Name> {
  /** Decodes single lines of live sources; null: not possible. */
  readonly lines: LineFormat | null;
  /**
   * Profiles the start of an input.
   *
   * @param head First bytes.
   * @param complete Whether `head` is the whole input.
   * @param input Name of the input, for errors.
   * @throws {IotmonError} `ERR_DATA` if the input has nothing usable, with what it has and what was expected.
   */
  profile(head: Uint8Array, complete: boolean, input: string, options: DecodeOptions): Profile;
  /** Yields batches of up to some thousand rows; unusable rows go to `reject`. */
  decode(
    chunks: AsyncIterable<Uint8Array>,
    profile: Profile,
    context: RevisableContext,
  ): AsyncGenerator<Batch>;
}

/** A format that needs the whole file. */
export interface FileDecoder<Name extends string = string> extends Format<Name> {
  readonly lines: null;
  /** The first characters of every such file, in Latin-1. */
  readonly magic: string;
  /**
   * Profiles a file. Imports packages here, not at the top of the module.
   *
   * @throws {IotmonError} `ERR_DATA` if the input is a pipe or has nothing usable; `ERR_UNAVAILABLE` if a package
   * does not run here.
   */
  open(
    input: Input,
    options: DecodeOptions,
  ): Promise<{
    readonly profile: InputProfile;
    decode(context: DecodeContext): AsyncGenerator<Batch>;
  }>;
}
