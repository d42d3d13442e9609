import { detectTimestampFormat } from "../../../../core/timestamp/timestamp.ts";
import { splitUnit } from "../../cells/split-unit.ts";
import { isMissing } from "../../columns/missing.ts";
import { cleanCell, isNumeric } from "../../rows/cell.ts";
import { isAnnotation } from "../annotation.ts";
import { DELIMITERS } from "../sniff/delimiter.ts";
import { lineRecord } from "./line-record.ts";

/** How a line with readings splits into cells. */
export interface LineShape {
  readonly delimiter: number;
  readonly cells: number;
}

const COMMA = 44;
const DOT = 46;
const LF = 10;
/** Longer lines do not count. */
const MAX_LENGTH = 16_384;
const MAX_CELLS = 500;
/** Longer cells are neither numbers nor times. */
const MAX_VALUE_LENGTH = 100;

/** The cells of a line; empty if it is not a record. */
export function cellsOf(line: string, delimiter: number): readonly string[] {
  const framing = {
    delimiter,
    newline: LF,
    encoding: "utf8",
    firstCells: null,
    cells: null,
  } as const;
  const record = lineRecord(line, framing);
  return record !== null && "cells" in record ? record.cells : [];
}

/** The split of a line with the largest share of numbers and times; null without a number. */
export function lineShape(line: string): LineShape | null {
  if (line.length > MAX_LENGTH || isAnnotation(line)) return null;
  let best: LineShape | null = null;
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const cells = cellsOf(line, delimiter);
    const share = valueShare(cells.slice(0, MAX_CELLS), delimiter);
    const isRecord = cells.length > 1 || share === 1;
    if (isRecord && share > most) {
      const trailing = cells.length > 1 && cells.at(-1)?.trim() === "";
      best = { delimiter, cells: trailing ? cells.length - 1 : cells.length };
      most = share;
    }
  }
  return best;
}

/** Share of the cells that are numbers or times, 0 without a number. */
function valueShare(cells: readonly string[], delimiter: number): number {
  const written = cells.map(cleanCell).filter((cell) => !isMissing(cell));
  const values = written.filter((cell) => cell.length <= MAX_VALUE_LENGTH);
  const numbers = values.filter(
    (cell) =>
      isNumeric(cell, DOT) || (delimiter !== COMMA && isNumeric(cell, COMMA)) || hasUnit(cell),
  );
  if (numbers.length === 0) return 0;
  const times = values.filter((cell) => {
    const format = detectTimestampFormat([cell]);
    return format === "iso8601" || format === "day_first";
  });
  return (numbers.length + times.length) / written.length;
}

/** Whether a cell is a number with its unit, and not a name such as `2A`. */
function hasUnit(cell: string): boolean {
  const parts = splitUnit(cell);
  return parts !== null && parts.unit !== "" && !parts.isNameLike;
}
