import { detectTimestampFormat } from "../../../../core/timestamp/timestamp.ts";
import { isMissing } from "../../columns/missing.ts";
import { cleanCell, isNumeric } from "../../rows/cell.ts";

const COMMA = 44;
const DOT = 46;
const SAMPLE_ROWS = 50;
/** What a program says about itself: `WiFi connected`, `Starting sensor 3`. */
const MESSAGE =
  /\s(?:connected|started|initiali[sz]ed|booted|ready|failed|loaded|found|established|succeeded|completed?|done|ok|success)[.!]*$|^(?:re)?(?:connecting|starting|initiali[sz]ing|booting|waiting|loading|trying)\s|\bplease\s/i;
const NAME = /^(?!(?:ok|done|ready)$)\p{L}{2,}$/iu;

/**
 * A first record is a header if it has words where the rows below have numbers or times, or only words. A record with
 * a time is a reading; a log line is neither.
 */
export function isHeader(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const names = first.map(cleanCell);
  if (isMessage(names)) return false;
  const written = names.filter((name) => !isMissing(name));
  if (written.some((name) => isTime(name) || /^\d+[.:/-]\d+[.:/-]\d+/.test(name))) return false;
  const words = names.map((name) => !isMissing(name) && !isAnyNumber(name));
  if (written.length > 0 && written.every((name) => !isAnyNumber(name))) return true;
  const sample = rows.slice(0, SAMPLE_ROWS);
  return words.some((word, i) => word && mostlyValues(sample.map((row) => row[i] ?? "")));
}

/** Whether the cells are those of a log line: some read like a message, and none is a plain name. */
export function isMessage(names: readonly string[]): boolean {
  return names.some((name) => MESSAGE.test(name)) && !names.some((name) => NAME.test(name));
}

function mostlyValues(cells: readonly string[]): boolean {
  const written = cells.map(cleanCell).filter((cell) => !isMissing(cell));
  const values = written.filter((cell) => isAnyNumber(cell) || isTime(cell));
  return values.length > 0 && values.length * 2 > written.length;
}

/** Whether a cell is a number, a time or missing. */
export function isValue(cell: string): boolean {
  return isMissing(cell) || isAnyNumber(cell) || isTime(cell);
}

function isAnyNumber(cell: string): boolean {
  return isNumeric(cell, DOT) || isNumeric(cell, COMMA);
}

function isTime(cell: string): boolean {
  const format = detectTimestampFormat([cell]);
  return format === "iso8601" || format === "day_first";
}
