import { isUtf8 } from "node:buffer";
import { faultOfDepth, faultOfNames } from "../body-limits.ts";
import { withoutBom } from "../parsers.ts";
import type { RowChunk } from "./ingest.ts";

/** Maximum number of lines in a chunk. */
const MAX_LINES = 500;
/** Maximum number of characters in a line. */
const MAX_LENGTH = 1_000_000;
const NEWLINE = 10;
/** Stands for a line in another encoding. JSON does not allow it. */
const NOT_UTF8 = "\ufffd";

/**
 * Reads rows from a stream, one per line, in chunks of whole lines. It reads on only after the caller has processed
 * a chunk, so a fast sender waits. It skips empty lines.
 */
export async function* readNdjson(stream: AsyncIterable<Buffer>): AsyncGenerator<RowChunk> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let tooLong = false;
  let isFirst = true;
  for await (const bytes of stream) {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    const lines = linesOf(all.subarray(0, end), isFirst);
    lines.pop(); // after the last line break
    isFirst &&= end === 0;
    rest = all.subarray(end);
    if (tooLong && lines.length > 0) {
      lines[0] = ""; // the end of a line that has its error already
      tooLong = false;
    }
    for (const chunk of chunks(lines, offset)) {
      offset += chunk.items.length;
      yield chunk;
    }
    if (rest.length > MAX_LENGTH && rest.toString().length > MAX_LENGTH) {
      rest = rest.subarray(0, 0);
      if (!tooLong) {
        tooLong = true;
        const error = `a line must be at most ${MAX_LENGTH} characters`;
        yield { items: [undefined], unreadable: new Map([[0, error]]), offset, text: undefined };
        offset += 1;
      }
    }
  }
  if (!tooLong) yield* chunks(linesOf(rest, isFirst), offset);
}

/** The text between line breaks; {@link NOT_UTF8} for lines in another encoding. */
function linesOf(bytes: Buffer, isFirst: boolean): string[] {
  const text = bytes.toString();
  const lines = (isFirst ? withoutBom(text) : text).split("\n");
  if (isUtf8(bytes)) return lines;
  let start = 0;
  return lines.map((line) => {
    const newline = bytes.indexOf(NEWLINE, start);
    const own = bytes.subarray(start, newline < 0 ? bytes.length : newline);
    start = newline + 1;
    return isUtf8(own) ? line : NOT_UTF8;
  });
}

function* chunks(lines: readonly string[], before: number): Generator<RowChunk> {
  const filled = lines.filter((line) => line.trim() !== "");
  let offset = before;
  for (let from = 0; from < filled.length; from += MAX_LINES) {
    const taken = filled.slice(from, from + MAX_LINES);
    yield chunkOf(taken, offset);
    offset += taken.length;
  }
}

/** Parses each line by itself, because lines that are not JSON may become JSON when they are joined. */
function chunkOf(lines: readonly string[], offset: number): RowChunk {
  const unreadable = new Map<number, string>();
  const items = lines.map((line, i) => {
    const fault = line === NOT_UTF8 ? "not UTF-8" : faultOfNames(line);
    if (fault !== null) return void unreadable.set(i, fault);
    try {
      const value: unknown = JSON.parse(line);
      const deep = faultOfDepth(value);
      if (deep === null) return value;
      unreadable.set(i, deep);
    } catch (error) {
      const reason = (error as Error).message.replace(/, (\.\.\.)?".*$/s, "");
      unreadable.set(i, `not JSON: ${reason}`);
    }
    return undefined;
  });
  const text = unreadable.size === 0 ? `[${lines.join(",")}]` : undefined;
  return { items, unreadable, offset, text };
}
