import type { LineContext, LineOutcome, LineReader } from "../lines/line-format.ts";
import { hasReplacement, INVALID_UTF8 } from "../lines/replaced-text.ts";
import type { BatchBuilder } from "../rows/batch-builder.ts";
import { type RowFault, RowReader } from "../rows/row-reader.ts";
import { isSkipped, lineFault } from "./pair-line.ts";
import { parsePairs } from "./parse-pairs.ts";
import { cellOf, type KeyvalueProfile } from "./profile.ts";

const DOT = 46;
const MAX_NAMES = 6;

const NO_PAIRS: RowFault = {
  reason: "not key-value",
  detail: "the line has no names and values",
};

/** Reads a line of names and values as a record; ignores names that are not in the profile. */
export class KeyvalueLineReader implements LineReader {
  readonly #rows: RowReader;
  readonly #measured: ReadonlySet<string>;
  readonly #columns: ReadonlyMap<string, number>;
  /** Columns with readings; a line without any of them is a message. */
  readonly #watched: ReadonlySet<number>;
  readonly #cells: string[];
  readonly #noReading: RowFault;

  constructor({ columns, time, fields, measured }: KeyvalueProfile, context: LineContext) {
    const { numeric } = context.layout;
    this.#rows = new RowReader(
      { columns, time, header: null, decimalMark: DOT },
      { ...context, startMs: 0 },
    );
    this.#measured = new Set(measured);
    this.#columns = new Map(fields.map((field, i) => [field, i]));
    this.#watched = new Set(columns.flatMap(({ name }, i) => (numeric.includes(name) ? [i] : [])));
    this.#cells = fields.map(() => "");
    this.#noReading = noReading(fields.filter((_, i) => this.#watched.has(i)));
  }

  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome {
    if (isSkipped(text)) return "none";
    const fault = lineFault(text) ?? this.#fill(text);
    const wrong = fault ?? this.#rows.read(this.#cells, number, batch, arrivalMs);
    if (wrong !== null) return wrong;
    batch.length += 1;
    return "row";
  }

  #fill(text: string): RowFault | null {
    const pairs = parsePairs(text);
    if (pairs.length === 0) return NO_PAIRS;
    this.#cells.fill("");
    let readings = 0;
    for (const pair of pairs) {
      // an invalid byte may be in a unit, such as a degree sign, but not in a name
      if (hasReplacement(pair.name)) return INVALID_UTF8;
      const column = this.#columns.get(pair.name);
      if (column === undefined) continue;
      const cell = cellOf(pair, this.#measured);
      if (hasReplacement(cell)) return INVALID_UTF8;
      this.#cells[column] = cell;
      if (this.#watched.has(column)) readings += 1;
    }
    return readings > 0 ? null : this.#noReading;
  }
}

function noReading(names: readonly string[]): RowFault {
  const more = names.length > MAX_NAMES ? " ..." : "";
  return {
    reason: "no reading",
    detail: `the line has none of these: ${names.slice(0, MAX_NAMES).join(", ")}${more}`,
  };
}
