import type { Layout } from "./layout.ts";
import { type NumberWriter, plain } from "./numbers.ts";
import type { Reading, Recording } from "./recording.ts";
import { iso, type TimeWriter } from "./times.ts";

/** Cells before they are joined. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How a table is written; every part has the plain one as default. */
export interface TableOptions {
  readonly time?: TimeWriter;
  readonly separator?: string;
  readonly number?: NumberWriter;
  /** Cell of a missing number. */
  readonly missing?: string;
  readonly shape?: (recording: Recording, cells: Required<CellWriters>) => Table;
  /** Changes the cells: more columns, other names. */
  readonly change?: (table: Table) => Table;
  readonly quote?: boolean;
  readonly newline?: string;
  /** Lines before the header, and after the last row. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Lines between the header and the first row. */
  readonly below?: (table: Table) => readonly (readonly string[])[];
  readonly encode?: (text: string) => string | Uint8Array;
}

/** How times and numbers are written. */
export interface CellWriters {
  readonly time: TimeWriter;
  number(value: number, quantity: string): string;
}

/** A layout of a table of text. */
export function table(
  name: string,
  options: TableOptions,
  rest: Omit<Layout, "name" | "write"> = {},
): Layout {
  return { name, write: (recording) => writeTable(recording, options), ...rest };
}

export function writeTable(recording: Recording, options: TableOptions): string | Uint8Array {
  const { time = iso, separator = ",", number = plain, missing = "", shape = readings } = options;
  const { quote = false, newline = "\n", before = [], after = [], below = () => [] } = options;
  const { change = (table) => table, encode = (text) => text } = options;
  const write = (value: number, quantity: string): string =>
    Number.isNaN(value) ? missing : number(value, quantity);
  const made = change(shape(recording, { time, number: write }));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell) => (quote || needsQuotes(cell, separator) ? `"${cell}"` : cell))
      .join(separator);
  const lines = [...before, ...[made.header, ...below(made), ...made.rows].map(line), ...after];
  return encode(lines.map((text) => `${text}${newline}`).join(""));
}

function needsQuotes(cell: string, separator: string): boolean {
  return separator.trim() !== "" && cell.includes(separator);
}

/** One row a reading: time, sensor, quantities. Without the sensor if there is only one. */
function readings(recording: Recording, { time, number }: CellWriters): Table {
  const { sensors, quantities } = recording;
  const named = sensors.length > 1;
  return {
    header: [...time.header, ...(named ? ["sensor_id"] : []), ...quantities],
    rows: recording.readings.map((reading) => [
      ...time.cells(reading.time),
      ...(named ? [reading.sensor] : []),
      ...quantities.map((quantity) => number(reading.values[quantity] as number, quantity)),
    ]),
  };
}

/** Long format: a row for each quantity of a reading. */
export const long =
  (sensor = "sensor", quantity = "quantity", value = "value") =>
  ({ readings: all, quantities }: Recording, { time, number }: CellWriters): Table => ({
    header: [...time.header, sensor, quantity, value],
    rows: all.flatMap((reading) =>
      quantities.map((name) => [
        ...time.cells(reading.time),
        reading.sensor,
        name,
        number(reading.values[name] as number, name),
      ]),
    ),
  });

/** Wide format: a column for each sensor of the only quantity. */
export function wide(recording: Recording, { time, number }: CellWriters): Table {
  const { sensors, quantities } = recording;
  const [quantity = ""] = quantities;
  const rows = new Map<number, Reading[]>();
  for (const reading of recording.readings) {
    rows.set(reading.time, [...(rows.get(reading.time) ?? []), reading]);
  }
  return {
    header: [...time.header, ...sensors],
    rows: [...rows].map(([ms, all]) => [
      ...time.cells(ms),
      ...all.map(({ values }) => number(values[quantity] as number, quantity)),
    ]),
  };
}

/** Rows that have only one of the quantities, in turn. */
export function complementary(recording: Recording, { time, number }: CellWriters): Table {
  const { quantities } = recording;
  return {
    header: [...time.header, "sensor_id", ...quantities],
    rows: recording.readings.flatMap((reading) =>
      quantities.map((only) => [
        ...time.cells(reading.time),
        reading.sensor,
        ...quantities.map((quantity) =>
          quantity === only ? number(reading.values[quantity] as number, quantity) : "",
        ),
      ]),
    ),
  };
}

/** Adds a column after the others. */
export const withColumn =
  (name: string, cell: (row: number) => string) =>
  ({ header, rows }: Table): Table => ({
    header: [...header, name],
    rows: rows.map((cells, row) => [...cells, cell(row)]),
  });
