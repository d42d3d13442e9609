import type { Batch } from "../../../core/batch.ts";
import type { DecodeContext } from "../decode-context.ts";
import { type Line, LineSplitter } from "../lines/line-splitter.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";
import type { RowFault } from "../rows/row-reader.ts";
import { arrayLines } from "./array-lines.ts";
import { ObjectCells } from "./cells.ts";
import type { JsonlProfile } from "./profile.ts";

/** Bytes per step. */
const BLOCK_BYTES = 262_144;
const MAX_TEXT = 4096;

/** Reads a JSON Lines input; see `Decoder.decode`. Memory does not depend on the length of the input. */
export async function* decodeJsonl(
  chunks: AsyncIterable<Uint8Array>,
  profile: JsonlProfile,
  context: DecodeContext,
): AsyncGenerator<Batch> {
  const lines = new LineSplitter();
  const reader = new ObjectReader(profile, context);
  for await (const chunk of profile.isArray === true ? arrayLines(chunks) : chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      yield* reader.read(lines.push(chunk.subarray(at, at + BLOCK_BYTES)));
    }
  }
  yield* reader.read(lines.finish());
}

/** Turns lines into batches and counts rows across them. */
class ObjectReader {
  readonly #context: DecodeContext;
  readonly #objects: ObjectCells;
  #row = 0;

  constructor(profile: JsonlProfile, context: DecodeContext) {
    this.#context = context;
    this.#objects = new ObjectCells(profile, context);
  }

  *read(lines: readonly Line[]): Generator<Batch> {
    const { layout, source, dictionaries } = this.#context;
    let batch: BatchBuilder | null = null;
    for (const [i, line] of lines.entries()) {
      batch ??= new BatchBuilder(layout, lines.length - i);
      this.#row += 1;
      const fault = line.fault ?? this.#objects.read(line.text, this.#row, batch);
      if (fault === null) batch.length += 1;
      else this.#reject(line, fault);
      if (batch.isFull) {
        yield batch.build(source, dictionaries);
        batch = null;
      }
    }
    if (batch !== null && batch.length > 0) yield batch.build(source, dictionaries);
  }

  #reject({ number, text }: Line, { reason, detail }: RowFault): void {
    const { input, reject } = this.#context;
    reject({ input, line: number, reason, detail, text: text.slice(0, MAX_TEXT).trimEnd() });
  }
}
