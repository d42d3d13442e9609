import { polars } from "../../../buffer/polars.ts";
import type { Batch } from "../../../core/batch.ts";
import type { DecodeContext } from "../decode-context.ts";
import { BatchBuilder } from "../rows/batch-builder.ts";
import { type Cell, RowReader } from "../rows/row-reader.ts";
import { fetchRows, type ParquetField, polarsReason } from "./columns.ts";
import type { ParquetProfile } from "./profile.ts";

/** Rows per slice; fewer for many columns. */
const SLICE_ROWS = 65_536;
const SLICE_CELLS = 1_048_576;

const DOT = 46;

/**
 * Reads a Parquet file slice by slice, and fetches the next slice in the background. The line of a reject is its row.
 * A damaged file ends at the damage, with a reject.
 *
 * @param progress Called with the number of rows read so far.
 */
export async function* decodeParquet(
  profile: ParquetProfile,
  context: DecodeContext,
  progress: (rows: number) => void,
): AsyncGenerator<Batch> {
  const { rows, fields } = profile;
  const used = usedFields(profile, context);
  const reader = new SliceReader(profile, used, context);
  const step = Math.min(SLICE_ROWS, Math.ceil(SLICE_CELLS / fields.length));
  let next = trySlice(profile.path, used, 0, step);
  for (let from = 0; from < rows; from += step) {
    const slice = await next;
    if (slice instanceof Error) {
      const detail = `the rest of the file can't be read: ${polarsReason(slice)}`;
      const { input } = context;
      context.reject({ input, line: from + 1, reason: "damaged Parquet", detail, text: "" });
      return;
    }
    if (from + step < rows) next = trySlice(profile.path, used, from + step, step);
    const length = Math.min(step, rows - from);
    yield* reader.read(slice, from, length);
    progress(from + length);
  }
}

/** The columns of the layout. */
function usedFields(
  { columns, fields }: ParquetProfile,
  { layout }: DecodeContext,
): readonly ParquetField[] {
  const { timestamp, key, numeric, labels, text } = layout;
  const wanted = new Set<string | null | undefined>([
    ...(timestamp?.columns ?? []),
    key,
    ...numeric,
    ...labels,
    ...text,
  ]);
  return fields.filter((_, i) => wanted.has(columns[i]?.name));
}

/** Returns an error as a value, because it may occur before the caller awaits the slice. */
async function trySlice(
  path: string,
  fields: readonly ParquetField[],
  from: number,
  length: number,
): Promise<readonly ArrayLike<Cell>[] | Error> {
  try {
    return await fetchRows(polars().scanParquet(path), fields, from, length);
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** Turns slices into batches. */
class SliceReader {
  readonly #context: DecodeContext;
  readonly #rows: RowReader;
  /** Index of the record cell for each column of the slice. */
  readonly #places: readonly number[];
  readonly #cells: Cell[];

  constructor(
    { columns, time, fields }: ParquetProfile,
    used: readonly ParquetField[],
    context: DecodeContext,
  ) {
    this.#context = context;
    this.#rows = new RowReader({ columns, time, header: null, decimalMark: DOT }, context);
    this.#places = used.map((field) => fields.indexOf(field));
    this.#cells = fields.map(() => "");
  }

  *read(slice: readonly ArrayLike<Cell>[], before: number, length: number): Generator<Batch> {
    const { layout, source, dictionaries } = this.#context;
    let batch: BatchBuilder | null = null;
    for (let i = 0; i < length; i++) {
      batch ??= new BatchBuilder(layout, length - i);
      this.#readRow(slice, i, before + i + 1, batch);
      if (batch.isFull) {
        yield batch.build(source, dictionaries);
        batch = null;
      }
    }
    if (batch !== null && batch.length > 0) yield batch.build(source, dictionaries);
  }

  #readRow(slice: readonly ArrayLike<Cell>[], i: number, row: number, batch: BatchBuilder): void {
    const cells = this.#cells;
    for (let c = 0; c < this.#places.length; c++) {
      cells[this.#places[c] as number] = slice[c]?.[i] ?? "";
    }
    const fault = this.#rows.read(cells, row, batch);
    if (fault === null) batch.length += 1;
    else {
      const { input, reject } = this.#context;
      reject({ input, line: row, ...fault, text: JSON.stringify(cells) });
    }
  }
}
