import type { Batch } from "../../../core/batch.ts";
import { decodeLines, type ReadLine } from "../lines/decode-lines.ts";
import type { RevisableContext } from "../lines/revision.ts";
import { arrayLines } from "./array-lines.ts";
import { ObjectCells } from "./cells.ts";
import type { JsonlProfile } from "./profile.ts";

/** Reads a JSON Lines input; see `Decoder.decode`. Memory does not depend on the length of the input. */
export function decodeJsonl(
  chunks: AsyncIterable<Uint8Array>,
  profile: JsonlProfile,
  context: RevisableContext,
): AsyncGenerator<Batch> {
  const objects = new ObjectCells(profile, context);
  const read: ReadLine = (line, row, batch) => {
    const fault = line.fault ?? objects.read(line.text, row, batch);
    if (fault !== null) return fault;
    batch.length += 1;
    return "row";
  };
  return decodeLines(profile.isArray === true ? arrayLines(chunks) : chunks, read, context);
}
