import { nameColumns } from "../../columns/column-names.ts";
import { formatRemarks, listNames } from "../../columns/profile-columns.ts";
import type { DecodeOptions } from "../../decode-context.ts";
import type { ColumnProfile } from "../../input-profile.ts";
import { cleanCell } from "../../rows/cell.ts";
import { isHeader } from "../sniff/header.ts";
import type { CsvLineProfile } from "./line-reader.ts";
import { lineRecord } from "./line-record.ts";

/** Matches the start of a header; most lines of readings do not match. */
const LIKE_NAMES = /^[\s"#]*\p{L}/u;
/** A longer line is not a header. */
const MAX_LENGTH = 16_384;

/**
 * The profile of the lines after a header with other columns, e.g. after a change of the writer. At least half of the
 * new or of the old names must be the same, so that other lines do not count as headers.
 *
 * @returns Null if the line is not such a header.
 */
export function withNewHeader(
  profile: CsvLineProfile,
  line: string,
  { rename }: DecodeOptions,
): CsvLineProfile | null {
  const { dialect, columns } = profile;
  if (dialect.header === null || line.length > MAX_LENGTH || !LIKE_NAMES.test(line)) return null;
  const record = lineRecord(line, { ...dialect, firstCells: null, cells: null });
  if (record === null || !("cells" in record)) return null;
  const before = dialect.header.map(cleanCell);
  const header = record.cells.map(cleanCell);
  if (header.length > before.length && header.at(-1) === "") header.pop();
  if (!isHeader(header, []) || new Set(header).size < header.length) return null;
  const isSame = header.length === before.length && header.every((name, i) => name === before[i]);
  const known = header.filter((name) => before.includes(name)).length;
  if (isSame || known * 2 < Math.min(header.length, before.length)) return null;
  const { names } = nameColumns(header, header.length, rename);
  const { time } = profile;
  const isTimed = time?.kind === "plan" && time.plan.columns.every((name) => names.includes(name));
  return {
    ...profile,
    time: isTimed ? time : undefined,
    dialect: { ...dialect, header, firstCells: header.length, cells: header.length },
    columns: names.map((name) => columns.find((column) => column.name === name) ?? unknown(name)),
    remarks: [
      ...formatRemarks(`the header has changed, columns are now ${listNames(names)}`),
      ...profile.remarks.filter(({ topic }) => topic !== "format"),
    ],
  };
}

/** A column without any cell so far. */
function unknown(name: string): ColumnProfile {
  const nothing = { distinct: 0, missing: 0, numbers: 0, examples: [] };
  return {
    name,
    role: "text",
    timestampFormat: null,
    timeLook: null,
    ...nothing,
    min: Number.NaN,
    max: Number.NaN,
  };
}
