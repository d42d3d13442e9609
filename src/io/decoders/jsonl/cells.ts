import type { BatchBuilder } from "../rows/batch-builder.ts";
import { type Cell, type RowContext, type RowFault, RowReader } from "../rows/row-reader.ts";
import { parseLine, visitFields } from "./fields.ts";
import type { JsonlProfile } from "./profile.ts";

const DOT = 46;

/** Reads lines, each of which is an object. */
export class ObjectCells {
  readonly #rows: RowReader;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #cells: Cell[];

  constructor({ columns, time, fields }: JsonlProfile, context: RowContext) {
    this.#rows = new RowReader({ columns, time, header: null, decimalMark: DOT }, context);
    this.#columns = new Map(fields.map((field, i) => [field, i]));
    this.#cells = fields.map(() => "");
  }

  /**
   * Writes an object as row `length` of `batch` without counting it, like `RowReader.read`.
   *
   * @returns The fault of the line, or null.
   */
  read(text: string, row: number, batch: BatchBuilder, stampMs?: number): RowFault | null {
    const parsed = parseLine(text);
    if ("fault" in parsed) return parsed.fault;
    this.#cells.fill("");
    visitFields(parsed.object, this.#place);
    return this.#rows.read(this.#cells, row, batch, stampMs);
  }

  readonly #place = (name: string, cell: Cell): void => {
    const column = this.#columns.get(name);
    if (column !== undefined) this.#cells[column] = cell;
  };
}
