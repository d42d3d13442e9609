import type { ColumnRole } from "../../input-profile.ts";
import { type TimeColumn, type TimeKind, timeKindOf } from "./time-column.ts";
import { type DatePart, datePartOf, elapsedFormatOf } from "./time-names.ts";

/** A column of a time, and its format if it is a number that holds one part; null: a text. */
export interface TimePiece {
  readonly column: TimeColumn;
  readonly part: DatePart | null;
}

/** Columns that may together hold the time. */
export interface TimeSource {
  readonly pieces: readonly TimePiece[];
  /** `numbers`: elapsed time, or days of a spreadsheet. */
  readonly kind: "full" | "date" | "clock" | "numbers";
}

/** Names that alone say that a column is the time. */
const CERTAIN_NAME = /^_?(timestamp|time|datetime|date|ts)$/i;
const CLOCK_PARTS: readonly DatePart[] = ["%H", "%M", "%S"];

/**
 * The columns that may hold the time, the likeliest first: a column with date and time; a date and a time of day; parts
 * of a date; a date; a time of day; numbers that count.
 *
 * @param roles Role of each column by its cells.
 */
export function timeSources(
  columns: readonly TimeColumn[],
  roles: readonly ColumnRole[],
): readonly TimeSource[] {
  const kinds = columns.map((column, i) => kindOf(column, roles[i]));
  const ofKind = (kind: TimeKind): readonly TimeColumn[] =>
    columns.filter((_, i) => kinds[i] === kind);
  const parts = columns.map(({ name, stats }) =>
    stats.whole && stats.numbers > 0 ? datePartOf(name, stats.min, stats.max) : null,
  );
  const holding = (part: DatePart): TimeColumn | undefined => columns[parts.indexOf(part)];
  const clockParts = piecesOf(CLOCK_PARTS, holding);
  const dates = certainFirst(ofKind("date"));
  const clocks = certainFirst(ofKind("clock"));
  const [date] = dates;
  const clock = date === undefined ? clocks[0] : nearest(clocks, date, columns);
  const clockPieces = clock === undefined ? clockParts : [text(clock)];
  const dated =
    date === undefined || clockPieces.length === 0 ? [] : [[text(date), ...clockPieces]];
  const calendar = dateParts(holding);
  const numbered = calendar === null ? [] : [[...calendar, ...clockPieces]];
  const numbers = certainFirst(columns.filter((column, i) => isCount(column, roles[i])));
  return [
    ...certainFirst(ofKind("full")).map((column) => single("full", column)),
    ...[...dated, ...numbered].map((pieces) => ({ pieces, kind: "full" as const })),
    ...dates.map((column) => single("date", column)),
    ...clocks.map((column) => single("clock", column)),
    ...numbers.map((column) => single("numbers", column)),
  ];
}

function text(column: TimeColumn): TimePiece {
  return { column, part: null };
}

function single(kind: TimeSource["kind"], column: TimeColumn): TimeSource {
  return { pieces: [text(column)], kind };
}

function kindOf(column: TimeColumn, role: ColumnRole | undefined): TimeKind | null {
  const { timestampFormat } = column.stats;
  if (timestampFormat?.startsWith("epoch") === true) return role === "timestamp" ? "full" : null;
  return role === "empty" || role === "excluded" ? null : timeKindOf(column);
}

/** Columns whose name is certain first, and those with a single value last. */
function certainFirst(columns: readonly TimeColumn[]): readonly TimeColumn[] {
  const rank = ({ name, stats }: TimeColumn): number => {
    if (stats.distinct === 1 && stats.present > 1) return 2;
    return CERTAIN_NAME.test(name) ? 0 : 1;
  };
  return [...columns].sort((a, b) => rank(a) - rank(b));
}

function nearest(
  candidates: readonly TimeColumn[],
  to: TimeColumn,
  all: readonly TimeColumn[],
): TimeColumn | undefined {
  const distance = (column: TimeColumn): number => Math.abs(all.indexOf(column) - all.indexOf(to));
  return [...candidates].sort((a, b) => distance(a) - distance(b))[0];
}

/** The columns of the parts up to the first one that is missing. */
function piecesOf(
  parts: readonly DatePart[],
  holding: (part: DatePart) => TimeColumn | undefined,
): readonly TimePiece[] {
  const found: TimePiece[] = [];
  for (const part of parts) {
    const column = holding(part);
    if (column === undefined) break;
    found.push({ column, part });
  }
  return found;
}

/** Year, month and day, or year and day of the year, in a column each; null: not all of them exist. */
function dateParts(
  holding: (part: DatePart) => TimeColumn | undefined,
): readonly TimePiece[] | null {
  const orders = [
    ["%Y", "%m", "%d"],
    ["%Y", "%j"],
  ] as const;
  for (const order of orders) {
    const pieces = piecesOf(order, holding);
    if (pieces.length === order.length) return pieces;
  }
  return null;
}

/** Whether numbers count up under the name of a time. */
function isCount({ name, stats }: TimeColumn, role: ColumnRole | undefined): boolean {
  if (role !== "number" && role !== "index") return false;
  // the names last: compiling their patterns takes several milliseconds
  return stats.steps().areRising && (CERTAIN_NAME.test(name) || elapsedFormatOf(name) !== null);
}
