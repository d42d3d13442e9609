import type { TimePlan } from "./timestamp/time-plan.ts";

/** The role of each input column, and so the place of its values in a {@link Batch}. */
export interface Layout {
  /** Null: the input has no timestamps; the row position gives the time. */
  readonly timestamp: TimePlan | null;
  /** Column with the sensor name; null: every row belongs to `constantKey`. */
  readonly key: string | null;
  /** Key of rows without a key column or with an empty key cell. */
  readonly constantKey: string;
  /** Numeric columns, in the order of `Batch.columns`. */
  readonly numeric: readonly string[];
  /** Label columns, in the order of `Batch.labels`. */
  readonly labels: readonly string[];
  /** Other text columns, in the order of `Batch.texts`. */
  readonly text: readonly string[];
  /** Text columns that the pipeline sets: name to value. */
  readonly constants: Readonly<Record<string, string>>;
}

/**
 * Name of the time of a reading: that of its column, or `timestamp` if several columns hold the time; null: readings
 * have no time of their own.
 */
export function timeName({ timestamp }: Pick<Layout, "timestamp">): string | null {
  if (timestamp === null) return null;
  const [first, ...others] = timestamp.columns;
  return first === undefined || others.length > 0 ? "timestamp" : first;
}

/** Name of a key that several columns make together, and the key of a row: its parts, joined by a slash. */
export function joinedKey(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("/");
}

/**
 * Value of a column that the pipeline sets; undefined if it does not set the column.
 *
 * Checks own properties only, because a column may have a name such as `constructor`.
 */
export function constantOf(constants: Layout["constants"], column: string): string | undefined {
  return Object.hasOwn(constants, column) ? constants[column] : undefined;
}
