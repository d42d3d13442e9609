import type { CsvDialect } from "../dialect.ts";
import { BLANK } from "../sniff/delimiter.ts";
import { BlankRuns } from "./blank-runs.ts";

/** The bytes below the preamble, with one blank for each run of blanks if blanks are the delimiter. */
export async function* tableBytes(
  chunks: AsyncIterable<Uint8Array>,
  { preamble, newline, delimiter }: CsvDialect,
): AsyncGenerator<Buffer> {
  const blanks = delimiter === BLANK ? new BlankRuns() : null;
  let ahead = preamble;
  for await (const chunk of chunks) {
    const { buffer, byteOffset, byteLength } = chunk;
    let data = blanks === null ? Buffer.from(buffer, byteOffset, byteLength) : blanks.push(chunk);
    for (; ahead > 0 && data.length > 0; ) {
      const end = data.indexOf(newline);
      data = data.subarray(end < 0 ? data.length : end + 1);
      if (end >= 0) ahead -= 1;
    }
    if (data.length > 0) yield data;
  }
}
