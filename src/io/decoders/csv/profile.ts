import { IotmonError } from "../../../core/errors.ts";
import { nameColumns } from "../column-names.ts";
import { rateColumns } from "../column-roles.ts";
import { columnStats } from "../column-stats.ts";
import type { ColumnProfile, DecodeOptions, InputProfile } from "../decoder.ts";
import type { CsvDialect } from "./dialect.ts";
import { recogniseOtherFormat } from "./other-formats.ts";
import { sniff } from "./sniff.ts";

/** What the start of a CSV input says about the whole. */
export interface CsvProfile extends InputProfile {
  readonly dialect: CsvDialect;
}

/** More columns than that are no recording, but a wrong delimiter or a transposed table. */
const MAX_COLUMNS = 10_000;

const EXPECTED =
  "a header and rows of the same number of cells, at least one column of them numbers";

/**
 * Looks at the start of a CSV input; see `Decoder.profile`.
 *
 * @throws {IotmonError} `ERR_DATA` when there is nothing usable in it.
 */
export function profileCsv(
  head: Uint8Array,
  complete: boolean,
  input: string,
  { rename }: DecodeOptions,
): CsvProfile {
  const fail = (what: string, hint = `Expected CSV: ${EXPECTED}`): IotmonError =>
    new IotmonError("ERR_DATA", what, { at: input, hint });
  if (head.every((byte) => byte === 32 || (byte >= 9 && byte <= 13))) {
    throw fail(head.length === 0 ? "the input is empty" : "the input is blank");
  }
  const other = recogniseOtherFormat(head);
  if (other !== null) throw fail(other.what, other.hint);
  const sample = sniff(head, complete);
  if (sample === null) {
    throw fail(`no line can be read among the first ${head.length} bytes`);
  }
  const { dialect, rows } = sample;
  if (dialect.cells > MAX_COLUMNS) {
    throw fail(`${dialect.cells} columns, ${MAX_COLUMNS} are the most`);
  }
  const { names, notes } = nameColumns(dialect.header, dialect.cells, rename);
  if (rows.length === 0) {
    throw fail(`a header but no reading (columns: ${list(names)})`);
  }
  const columns = profileColumns(names, dialect, rows);
  if (!columns.some(({ role }) => role === "number")) {
    const seen = list(columns.map(({ name, role }) => `${name} (${role})`));
    throw fail(`no numeric column in the first ${rows.length} rows: ${seen}`);
  }
  return {
    format: "csv",
    columns: columns.map(({ zoned: _, ...column }) => column),
    rowsSampled: rows.length,
    notes: [...describeDialect(dialect), ...notes, ...describeTime(columns)],
    dialect,
  };
}

type RatedColumn = ColumnProfile & { readonly zoned: boolean };

function profileColumns(
  names: readonly string[],
  { header, decimalMark }: CsvDialect,
  rows: readonly (readonly string[])[],
): readonly RatedColumn[] {
  const columns = names.map((name, i) => ({
    name,
    nameless: header !== null && (header[i] ?? "").trim() === "",
    stats: columnStats(
      rows.map((row) => row[i] ?? ""),
      decimalMark,
    ),
  }));
  const roles = rateColumns(columns);
  return columns.map(({ name, stats }, i) => ({
    name,
    role: roles[i] ?? "text",
    timestampFormat: stats.timestampFormat,
    distinct: stats.distinct,
    missing: stats.missing,
    numbers: stats.numbers,
    min: stats.min,
    max: stats.max,
    examples: stats.examples,
    zoned: stats.zoned,
  }));
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "vertical bars",
};

function describeDialect({
  delimiter,
  cells,
  header,
  decimalMark,
  encoding,
}: CsvDialect): string[] {
  const mark = String.fromCharCode(delimiter);
  return [
    cells === 1 ? "one column" : `cells are separated by ${DELIMITER_NAMES[mark] ?? mark}`,
    ...(decimalMark === ",".charCodeAt(0) ? ["the decimal mark is a comma"] : []),
    ...(encoding === "latin1" ? ["the header is not UTF-8: the input is read as Latin-1"] : []),
    ...(header === null ? ["no header: columns are named column_1, column_2 ..."] : []),
  ];
}

const FORMAT_NAMES = {
  iso8601: "ISO 8601",
  day_first: "day.month.year",
  epoch_s: "seconds since 1970",
  epoch_ms: "milliseconds since 1970",
  epoch_us: "microseconds since 1970",
  epoch_ns: "nanoseconds since 1970",
} as const;

const DATE_ONLY = /^\d+[-./]\d+[-./]\d+$/;
const TIME_OF_DAY = /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/;

function describeTime(columns: readonly RatedColumn[]): string[] {
  const times = columns.filter(({ role }) => role === "timestamp");
  if (times.length === 0) return ["no timestamps: rows are 1 s apart, from 1970-01-01 on"];
  return times.map(({ name, timestampFormat, zoned, examples }) => {
    const clock = columns.find((column) => column.examples.some((cell) => TIME_OF_DAY.test(cell)));
    if (clock !== undefined && examples.every((cell) => DATE_ONLY.test(cell))) {
      return `"${name}" has dates only: the time of day in "${clock.name}" is not added to them`;
    }
    const format = timestampFormat === null ? "" : FORMAT_NAMES[timestampFormat];
    const written = timestampFormat === "iso8601" || timestampFormat === "day_first";
    return `timestamps in "${name}" are ${format}${written && !zoned ? " without a zone, taken as UTC" : ""}`;
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
