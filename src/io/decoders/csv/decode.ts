import type { Batch } from "../../../core/batch.ts";
import { decodeLines, readerOf } from "../lines/decode-lines.ts";
import type { RevisableContext } from "../lines/revision.ts";
import { tableBytes } from "./bytes/table-bytes.ts";
import { CsvReader } from "./csv-reader.ts";
import type { CsvProfile } from "./profile.ts";

/**
 * Reads a CSV input; see `Decoder.decode`. Memory does not depend on the length of the input.
 *
 * Reads plain lines directly from bytes. Cuts all other lines into records for csv-parse. Both ways give the same
 * readings and rejects.
 */
export async function* decodeCsv(
  chunks: AsyncIterable<Uint8Array>,
  profile: CsvProfile,
  context: RevisableContext,
): AsyncGenerator<Batch> {
  const reader = new CsvReader(profile, context);
  const all = tableBytes(chunks, profile.dialect);
  for await (const data of all) {
    const rest = yield* reader.push(data);
    if (rest === null) continue;
    const { bytes, format, before } = rest;
    yield* decodeLines(joined(bytes, all), readerOf(format, context), context, before);
    return;
  }
  yield* reader.finish();
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
