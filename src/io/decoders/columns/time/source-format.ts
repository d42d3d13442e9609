import { compileTime } from "../../../../core/timestamp/compile-time.ts";
import { type DecidedBy, decideFormat } from "../../../../core/timestamp/detect/decide-format.ts";
import { CellText } from "../../../../core/timestamp/format/cell-text.ts";
import { EXCEL } from "../../../../core/timestamp/time-plan.ts";
import { joinedCells, type TimeColumn } from "./time-column.ts";
import { elapsedFormatOf } from "./time-names.ts";
import type { TimePiece, TimeSource } from "./time-sources.ts";

/** The format of a time. `open`: several fit, and read the cell differently. */
export type SourceFormat =
  | { readonly kind: "none" }
  | { readonly kind: "one"; readonly format: string; readonly by: DecidedBy | "unit" }
  | { readonly kind: "open"; readonly formats: readonly string[]; readonly cell: string };

/** Share of the cells that must fit a format. */
const FITTING_SHARE = 2 / 3;

/** Days of a spreadsheet from 1954 to 2119. */
const FIRST_EXCEL_DAY = 20_000;
const LAST_EXCEL_DAY = 80_000;
/** From this usual step on, whole numbers may be milliseconds as well as seconds. */
const LONG_STEP = 100;

const NONE: SourceFormat = { kind: "none" };

/** Decides the format of a time from all cells of its columns. */
export function formatOfSource({ pieces, kind }: TimeSource): SourceFormat {
  const [first, ...others] = pieces;
  if (first === undefined) return NONE;
  if (kind === "numbers") return formatOfNumbers(first.column);
  return others.length === 0 ? formatOfColumn(first.column) : formatOfPieces(pieces);
}

/** Whether most cells fit a format. */
export function fitsMost(cells: readonly string[], format: string): boolean {
  const reader = compileTime({ columns: [], format, zone: null, start: null });
  const text = new CellText();
  const fitting = cells.filter((cell) => {
    text.clear();
    text.add(cell);
    return !Number.isNaN(reader.read(text));
  });
  return fitting.length > 0 && fitting.length >= cells.length * FITTING_SHARE;
}

function formatOfColumn(column: TimeColumn): SourceFormat {
  const { timestampFormat } = column.stats;
  if (timestampFormat !== null && timestampFormat !== "day_first") {
    return { kind: "one", format: timestampFormat, by: "form" };
  }
  const found = decided(joinedCells([column]));
  // the reader of `day_first` is faster
  const isDayFirst = found.kind === "one" && found.format.startsWith("%d.%m.%Y");
  return isDayFirst && timestampFormat !== null ? { ...found, format: timestampFormat } : found;
}

function decided(cells: readonly string[]): SourceFormat {
  const found = decideFormat(cells);
  if (found.kind !== "open") return found;
  const { readings } = found;
  return {
    kind: "open",
    formats: readings.map(({ format }) => format),
    cell: readings[0]?.cell ?? "",
  };
}

/** The format of several columns, whose cells are joined by a blank. */
function formatOfPieces(pieces: readonly TimePiece[]): SourceFormat {
  const first = pieces.findIndex(({ part }) => part === null);
  const leading = first < 0 ? pieces : pieces.slice(0, first);
  const texts = pieces.filter(({ part }) => part === null);
  const trailing = pieces.slice(leading.length + texts.length);
  const letters = (some: readonly TimePiece[]): string[] => some.flatMap(({ part }) => part ?? []);
  const join = (format: string): string =>
    [...letters(leading), ...(format === "" ? [] : [format]), ...letters(trailing)].join(" ");
  const found = texts.length === 0 ? numbered : formatOfTexts(texts, trailing[0]);
  const cells = joinedCells(pieces.map(({ column }) => column));
  if (found.kind === "open") return { ...found, formats: found.formats.map(join) };
  if (found.kind === "none" || !fitsMost(cells, join(found.format))) return NONE;
  return { ...found, format: join(found.format) };
}

const numbered = { kind: "one", format: "", by: "form" } as const;

/** @param hour A column of hours behind the texts; the sequence of times needs it. */
function formatOfTexts(texts: readonly TimePiece[], hour: TimePiece | undefined): SourceFormat {
  const columns = texts.map(({ column }) => column);
  if (hour === undefined) return decided(joinedCells(columns));
  const cells = joinedCells([...columns, hour.column]).map((cell) => `${cell}:00`);
  const date = (format: string): string => format.replace(/ %H:%M$/, "");
  const found = decided(cells);
  if (found.kind === "open") return { ...found, formats: found.formats.map(date) };
  return found.kind === "none" ? found : { ...found, format: date(found.format) };
}

/** Elapsed time, or days as a spreadsheet counts them. */
function formatOfNumbers({ name, stats }: TimeColumn): SourceFormat {
  const named = elapsedFormatOf(name);
  const { usual } = stats.steps();
  const areDays = stats.min >= FIRST_EXCEL_DAY && stats.max < LAST_EXCEL_DAY;
  if (named === null) return areDays ? { kind: "one", format: EXCEL, by: "form" } : NONE;
  if (named !== "unit") return { kind: "one", format: named, by: "form" };
  const [cell = ""] = stats.examples.slice(-1);
  if (areDays && usual < 1) return { kind: "one", format: EXCEL, by: "form" };
  if (areDays) return { kind: "open", formats: [EXCEL, "elapsed_s"], cell };
  if (stats.whole && usual >= LONG_STEP) {
    return { kind: "open", formats: ["elapsed_s", "elapsed_ms"], cell };
  }
  return { kind: "one", format: "elapsed_s", by: "unit" };
}
