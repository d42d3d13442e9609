import type { Layout } from "../../../core/layout.ts";
import type { TimestampFormat } from "../../../core/timestamp/timestamp.ts";
import type { ColumnProfile } from "../decoder.ts";

/** A column of the batch and where its cells are in a record of the input. */
export interface Place {
  readonly name: string;
  /** {@link ABSENT} where the input has no such column. */
  readonly cell: number;
}

/** Stands for the cell of a column that the input does not have. */
export const ABSENT = -1;

/** Where a record of one input has what the layout wants. */
export interface Places {
  /** Null: there are no timestamps, rows are stamped by their position. */
  readonly timestamp: Place | null;
  readonly format: TimestampFormat;
  readonly key: Place;
  readonly numeric: readonly Place[];
  readonly labels: readonly Place[];
  readonly text: readonly Place[];
}

/** Finds the columns of the layout among those of an input, by name. */
export function findPlaces(columns: readonly ColumnProfile[], layout: Layout): Places {
  const place = (name: string): Place => ({
    name,
    cell: columns.findIndex((column) => column.name === name),
  });
  const timestamp = layout.timestamp === null ? null : place(layout.timestamp.column);
  const own = columns[timestamp?.cell ?? ABSENT]?.timestampFormat;
  return {
    timestamp,
    format: own ?? layout.timestamp?.format ?? "iso8601",
    key: layout.key === null ? { name: "", cell: ABSENT } : place(layout.key),
    numeric: layout.numeric.map(place),
    labels: layout.labels.map(place),
    text: layout.text.map(place),
  };
}
