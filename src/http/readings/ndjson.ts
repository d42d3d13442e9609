import { StringDecoder } from "node:string_decoder";
import type { Piece } from "./ingest.ts";

/** Lines that are taken at once. */
const MOST_LINES = 500;
/** Characters of a line. */
const MOST_LENGTH = 1_000_000;

/**
 * Reads rows from a stream, one a line, in pieces of whole lines. The next part of the stream is asked for
 * once the piece before has been dealt with, so a fast sender waits. Empty lines are passed over.
 */
export async function* readNdjson(stream: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let offset = 0;
  let tooLong = false;
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    if (tooLong && lines.length > 0) {
      lines[0] = ""; // the end of a line that was told already
      tooLong = false;
    }
    for (const piece of pieces(lines, offset)) {
      offset += piece.items.length;
      yield piece;
    }
    if (rest.length > MOST_LENGTH) {
      rest = "";
      if (!tooLong) {
        tooLong = true;
        const error = `a line must be at most ${MOST_LENGTH} characters`;
        yield { items: [undefined], unreadable: new Map([[0, error]]), offset, text: undefined };
        offset += 1;
      }
    }
  }
  if (!tooLong) yield* pieces([rest + decoder.end()], offset);
}

function* pieces(lines: readonly string[], before: number): Generator<Piece> {
  const filled = lines.filter((line) => line.trim() !== "");
  let offset = before;
  for (let from = 0; from < filled.length; from += MOST_LINES) {
    const taken = filled.slice(from, from + MOST_LINES);
    yield pieceOf(taken, offset);
    offset += taken.length;
  }
}

function pieceOf(lines: readonly string[], offset: number): Piece {
  const text = `[${lines.join(",")}]`;
  try {
    const items = JSON.parse(text) as unknown[];
    // a line may hold several values with commas
    if (items.length === lines.length) return { items, offset, text };
  } catch {
    // told line by line
  }
  const unreadable = new Map<number, string>();
  const items = lines.map((line, i) => {
    try {
      return JSON.parse(line) as unknown;
    } catch (error) {
      const reason = (error as Error).message.replace(/, (\.\.\.)?".*$/s, "");
      unreadable.set(i, `not JSON: ${reason}`);
      return undefined;
    }
  });
  return { items, unreadable, offset, text: undefined };
}
