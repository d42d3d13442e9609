import type { LineContext, LineOutcome, LineReader } from "../../lines/line-format.ts";
import { hasReplacement, INVALID_UTF8 } from "../../lines/replaced-text.ts";
import type { BatchBuilder } from "../../rows/batch-builder.ts";
import { cleanCell } from "../../rows/cell.ts";
import { BLANK_RECORD, RowReader, repeatsHeader } from "../../rows/row-reader.ts";
import type { CsvDialect } from "../dialect.ts";
import type { CsvProfile } from "../profile.ts";
import { lineRecord } from "./line-record.ts";
import { type Comments, commentsOf } from "./side-lines.ts";

/** The profile of the first lines. */
export interface CsvLineProfile extends CsvProfile {
  /** Whether most lines have invalid UTF-8; it is then no reason to reject a line. */
  readonly replaced: boolean;
}

/** Reads one record per line. */
export class CsvLineReader implements LineReader {
  readonly #dialect: CsvDialect;
  readonly #header: readonly string[] | null;
  readonly #replaced: boolean;
  readonly #rows: RowReader;
  readonly #comments: Comments;

  constructor(
    { columns, rowColumns, time, dialect, replaced }: CsvLineProfile,
    context: LineContext,
  ) {
    const { header, decimalMark } = dialect;
    this.#dialect = dialect;
    this.#header = header?.map(cleanCell) ?? null;
    this.#replaced = replaced;
    this.#comments = commentsOf({ columns, rowColumns, dialect });
    this.#rows = new RowReader({ columns, time, header, decimalMark }, { ...context, startMs: 0 });
  }

  read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome {
    if (this.#comments.hash && text.startsWith("#")) return "none";
    const outcome = this.#read(text, number, arrivalMs, batch);
    return typeof outcome === "object" && this.#comments.isComment(text) ? "none" : outcome;
  }

  #read(text: string, number: number, arrivalMs: number, batch: BatchBuilder): LineOutcome {
    const record = lineRecord(text, this.#dialect);
    if (record === null) return "none";
    if ("fault" in record) return record.fault;
    if (!this.#replaced && hasReplacement(text)) return INVALID_UTF8;
    // a device prints the header at every start
    if (this.#header !== null && repeatsHeader(record.cells, this.#header)) return "none";
    const fault = this.#rows.read(record.cells, number, batch, arrivalMs);
    if (fault !== null) return fault === BLANK_RECORD ? "none" : fault;
    batch.length += 1;
    return "row";
  }
}
