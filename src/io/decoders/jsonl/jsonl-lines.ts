import type { BatchBuilder } from "../batch-builder.ts";
import type { LineContext, LineFormat, LineOutcome, LineReader } from "../line-format.ts";
import { textFault } from "../replaced-text.ts";
import { ObjectCells } from "./cells.ts";
import { parseLine } from "./fields.ts";
import { jsonl } from "./jsonl.ts";
import { type JsonlProfile, profileJsonObjects } from "./profile.ts";

/** As it begins and ends; the rest is for the parser. */
const OBJECT = /^\s*\{\s*".*\}\s*$/s;

/** JSON Lines from a source that goes on. */
export const jsonlLines: LineFormat<JsonlProfile> = {
  name: jsonl.name,
  summary: jsonl.summary,
  kindOf: (line) => (OBJECT.test(line) && "object" in parseLine(line) ? "object" : null),
  profile(lines, input, options) {
    const objects = lines.filter((line) => textFault(line) === null);
    const profile = profileJsonObjects(objects, input, options);
    return profile instanceof Error ? null : profile;
  },
  reader: (profile, context) => new JsonLineReader(profile, context),
};

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
