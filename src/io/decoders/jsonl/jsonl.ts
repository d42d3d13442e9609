import type { Decoder } from "../decoder.ts";
import type { LineContext, LineFormat, LineOutcome, LineReader } from "../lines/line-format.ts";
import { textFault } from "../lines/replaced-text.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import { ObjectCells } from "./cells.ts";
import { decodeJsonl } from "./decode.ts";
import { parseLine } from "./fields.ts";
import { type JsonlProfile, profileJsonl, profileJsonObjects } from "./profile.ts";

/** Start and end of an object, also behind its topic; the parser checks the rest. */
const OBJECT = /^\s*(?:[^\s{"]+\/[^\s{"]*\s+)?\{\s*".*\}\s*$/s;

const lines: LineFormat<JsonlProfile> = {
  name: "jsonl",
  kindOf: (line) => (OBJECT.test(line) && "object" in parseLine(line) ? "object" : null),
  profile(texts, input, options, arrivalMs) {
    const objects = texts.filter((line) => textFault(line) === null);
    const profile = profileJsonObjects(objects, input, options, arrivalMs);
    return profile instanceof Error ? null : profile;
  },
  reader: (profile, context) => new JsonLineReader(profile, context),
};

/**
 * JSON Lines: one object per line, one column per field; a nested field has its path as name: `a.b`. A recording may
 * also be one array of objects.
 */
export const jsonl = {
  name: "jsonl",
  summary: "one JSON object per line; in files also one array of objects",
  inputs: "files, pipes",
  lines,
  profile: profileJsonl,
  decode: decodeJsonl,
} as const satisfies Decoder<JsonlProfile>;

class JsonLineReader implements LineReader {
  readonly #cells: ObjectCells;

  constructor(profile: JsonlProfile, context: LineContext) {
    this.#cells = new ObjectCells(profile, { ...context, startMs: 0 });
  }

  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome {
    if (text.trim() === "") return "none";
    const fault = textFault(text) ?? this.#cells.read(text, number, batch, arrivalMs);
    if (fault !== null) return fault;
    batch.length += 1;
    return "row";
  }
}
