import type { Layout } from "../../../core/layout.ts";
import type { TimestampFormat } from "../../../core/timestamp/timestamp.ts";
import { CellReader } from "../cells/cell-reader.ts";
import type { ColumnProfile } from "../input-profile.ts";

/** A column of the batch, and the position of its cell in a record. */
export interface Place {
  readonly name: string;
  /** {@link ABSENT} if the input has no such column. */
  readonly cell: number;
  /** Reads its numbers; null: they are plain. */
  readonly reader: CellReader | null;
}

/** Position of a missing column. */
export const ABSENT = -1;

/** Positions of the columns of a layout in the records of an input. */
export interface Places {
  /** Null: no timestamps; the time follows from the number of the row. */
  readonly timestamp: Place | null;
  readonly format: TimestampFormat;
  readonly key: Place;
  readonly numeric: readonly Place[];
  readonly labels: readonly Place[];
  readonly text: readonly Place[];
}

/** Finds the columns of the layout in an input, by name. */
export function findPlaces(columns: readonly ColumnProfile[], layout: Layout): Places {
  const place = (name: string): Place => {
    const cell = columns.findIndex((column) => column.name === name);
    const plan = columns[cell]?.cells;
    return { name, cell, reader: plan === undefined ? null : new CellReader(plan) };
  };
  const timestamp = layout.timestamp === null ? null : place(layout.timestamp.column);
  const own = columns[timestamp?.cell ?? ABSENT]?.timestampFormat;
  return {
    timestamp,
    format: own ?? layout.timestamp?.format ?? "iso8601",
    key: layout.key === null ? { name: "", cell: ABSENT, reader: null } : place(layout.key),
    numeric: layout.numeric.map(place),
    labels: layout.labels.map(place),
    text: layout.text.map(place),
  };
}
