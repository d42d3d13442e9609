import type { Batch } from "../../core/batch.ts";
import type { Input } from "../sources/inputs/input.ts";
import type { DecodeContext, DecodeOptions, InputProfile } from "./decoder.ts";
import type { LineFormat } from "./lines/line-format.ts";

/** What every format tells about itself. */
interface Format<Name extends string> {
  /** Name in `source.format` and `--input-format`. */
  readonly name: Name;
  /** What it looks like, and what it can be read from; half a sentence each, for `docs/input.md`. */
  readonly summary: string;
  readonly inputs: string;
}

/** A format that is read as a stream of bytes. Output does not depend on where the bytes are cut into chunks. */
export interface Decoder<Profile extends InputProfile = InputProfile, Name extends string = string>
  extends Format<Name> {
  /** How its lines are read from a source that goes on; null: they can't be. */
  readonly lines: LineFormat | null;
  /**
   * Looks at the start of an input.
   *
   * @param head First bytes.
   * @param complete Whether `head` is the whole input.
   * @param input Name of the input, for errors.
   * @throws {IotmonError} `ERR_DATA` when nothing usable is in it: what was seen, what was expected.
   */
  profile(head: Uint8Array, complete: boolean, input: string, options: DecodeOptions): Profile;
  /** Yields batches of up to some thousands of rows; rows that can't be used go to `reject`. */
  decode(
    chunks: AsyncIterable<Uint8Array>,
    profile: Profile,
    context: DecodeContext,
  ): AsyncGenerator<Batch>;
}

/** A format that needs the whole file. */
export interface FileDecoder<Name extends string = string> extends Format<Name> {
  readonly lines: null;
  /** Latin-1 text that every such file begins with. */
  readonly magic: string;
  /**
   * Looks at a file. Packages are imported here, not at the top of the module.
   *
   * @throws {IotmonError} `ERR_DATA` when it is a pipe, or nothing usable is in it; `ERR_UNAVAILABLE` when a
   * package does not run here.
   */
  open(
    input: Input,
    options: DecodeOptions,
  ): Promise<{
    readonly profile: InputProfile;
    decode(context: DecodeContext): AsyncGenerator<Batch>;
  }>;
}
