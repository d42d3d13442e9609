import { once } from "node:events";
import type { OutputStream } from "../context.ts";

const USUAL_WIDTH = 80;

/** Columns of a terminal; 80 for one that reports a size of 0; Infinity for a pipe or a file. */
export function widthOf({ isTTY, columns = 0 }: OutputStream): number {
  if (columns > 0) return columns;
  return isTTY === true ? USUAL_WIDTH : Number.POSITIVE_INFINITY;
}

/**
 * Writes results. Resolves when the stream has room for more, when the reader closes the pipe, or when the
 * user stops the command.
 */
export async function writeResult(
  stream: OutputStream,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  if (text === "" || stream.write(text) || signal.aborted) return;
  await once(stream, "drain", { signal }).catch(() => {});
}
