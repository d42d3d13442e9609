import { IotmonError } from "../../../core/errors.ts";
import { nameColumns } from "../columns/column-names.ts";
import { describeCells } from "../columns/describe-cells.ts";
import { formatRemarks, listNames, profileColumns } from "../columns/profile-columns.ts";
import type { DecodeOptions } from "../decode-context.ts";
import type { InputProfile } from "../input-profile.ts";
import type { CsvDialect } from "./dialect.ts";
import { recogniseOtherFormat } from "./sniff/other-formats.ts";
import { MAX_SAMPLE_ROWS, type Sample, sniff } from "./sniff/sniff.ts";

/** The profile of a CSV input. */
export interface CsvProfile extends InputProfile {
  readonly dialect: CsvDialect;
}

/** Maximum number of columns; more indicate a wrong delimiter or a transposed table. */
const MAX_COLUMNS = 10_000;

const EXPECTED = "a header, and rows with the same number of cells and at least one numeric column";

/**
 * Profiles the start of a CSV input; see `Decoder.profile`.
 *
 * @throws {IotmonError} `ERR_DATA` if it has nothing usable.
 */
export function profileCsv(
  head: Uint8Array,
  complete: boolean,
  input: string,
  options: DecodeOptions,
  arrivalMs: number | null = null,
): CsvProfile {
  const fail = (what: string, hint = `Expected CSV: ${EXPECTED}`): IotmonError =>
    new IotmonError("ERR_DATA", what, { at: input, hint });
  if (head.every((byte) => byte === 32 || (byte >= 9 && byte <= 13))) {
    throw fail(head.length === 0 ? "the input is empty" : "the input is blank");
  }
  const other = recogniseOtherFormat(head);
  if (other !== null) throw fail(other.what, other.hint);
  const sample = sniff(head, complete, options.cells?.decimalMark);
  if (sample === null) {
    throw fail(`no readable line in the first ${head.length} bytes`);
  }
  const { dialect, rows, units } = sample;
  if (dialect.cells > MAX_COLUMNS) {
    throw fail(`${dialect.cells} columns, the limit is ${MAX_COLUMNS}`);
  }
  const { names, remarks } = nameColumns(dialect.header, dialect.cells, options.rename);
  if (rows.length === 0) {
    throw fail(`a header but no reading (columns: ${listNames(names)})`);
  }
  const { header, decimalMark } = dialect;
  const profiled = profileColumns(
    names.map((name, i) => ({
      name,
      nameless: header !== null && (header[i] ?? "").trim() === "",
      cells: rows.map((row) => row[i] ?? ""),
    })),
    decimalMark,
    { input, arrivalMs, isWhole: complete && rows.length < MAX_SAMPLE_ROWS },
    options,
  );
  const { columns, facts } = profiled;
  if (!columns.some(({ role }) => role === "number")) {
    const seen = listNames(columns.map(({ name, role }) => `${name} (${role})`));
    throw fail(`no numeric column in the first ${rows.length} rows: ${seen}`);
  }
  return {
    format: "csv",
    columns,
    ...facts,
    rowsSampled: rows.length,
    remarks: [
      ...formatRemarks(...describeDialect(dialect), ...describeUnits(names, units)),
      ...remarks,
      ...describeCells(columns),
      ...profiled.remarks,
    ],
    dialect,
  };
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "vertical bars",
  " ": "blanks",
};

/** The row of units below the header. */
function describeUnits(names: readonly string[], units: Sample["units"]): string[] {
  const found = (units ?? []).flatMap((unit, i) =>
    unit.trim() === "" ? [] : [`${names[i]} ${unit}`],
  );
  return found.length === 0 ? [] : [`units: ${listNames(found)}`];
}

function describeDialect({
  delimiter,
  cells,
  header,
  decimalMark,
  encoding,
  preamble,
}: CsvDialect): string[] {
  const mark = String.fromCharCode(delimiter);
  return [
    cells === 1 ? "one column" : `cells are separated by ${DELIMITER_NAMES[mark] ?? mark}`,
    ...(decimalMark === ",".charCodeAt(0) ? ["the decimal mark is a comma"] : []),
    ...(preamble === 0 ? [] : [`readings begin on line ${preamble + 1}`]),
    ...(encoding === "latin1" ? ["the header is not UTF-8: the input is read as Latin-1"] : []),
    ...(header === null ? ["no header: columns are named column_1, column_2 ..."] : []),
  ];
}
