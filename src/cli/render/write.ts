import { once } from "node:events";
import type { OutputStream } from "../context.ts";

/**
 * Writes results; resolves when there is room for more. When the reader of a pipe has gone, or the
 * user has asked to stop, it resolves too.
 */
export async function writeResult(
  stream: OutputStream,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  if (text === "" || stream.write(text) || signal.aborted) return;
  await once(stream, "drain", { signal }).catch(() => {});
}
