import type { TimestampFormat } from "./timestamp/timestamp.ts";

/** Which column of the input plays which part, and so what a {@link Batch} holds where. */
export interface Layout {
  /** Null: the input has no timestamps, and rows are stamped by their position. */
  readonly timestamp: { readonly column: string; readonly format: TimestampFormat } | null;
  /** Column that names the sensor; null: every row belongs to `constantKey`. */
  readonly key: string | null;
  /** Key of rows when there is no key column, or its cell is empty. */
  readonly constantKey: string;
  /** Numeric columns, in the order of `Batch.columns`. */
  readonly numeric: readonly string[];
  /** Label columns, in the order of `Batch.labels`. */
  readonly labels: readonly string[];
  /** Other text columns, in the order of `Batch.texts`. */
  readonly text: readonly string[];
  /** Text columns that are not in the input but set by the pipeline: name to value. */
  readonly constants: Readonly<Record<string, string>>;
}

/**
 * Value of a column that the pipeline sets; undefined: it sets no such column.
 *
 * A column may be named `constructor`, which every object has from elsewhere.
 */
export function constantOf(constants: Layout["constants"], column: string): string | undefined {
  return Object.hasOwn(constants, column) ? constants[column] : undefined;
}
