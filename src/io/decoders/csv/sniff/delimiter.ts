import { detectTimestampFormat } from "../../../../core/timestamp/timestamp.ts";
import { isMissing } from "../../columns/missing.ts";
import { cleanCell, isNumeric } from "../../rows/cell.ts";
import type { Framing } from "../records/framer.ts";
import type { RecordBlock } from "../records/record-block.ts";
import { sampleRecords } from "../records/sample-records.ts";
import { findShape, type Shape } from "./shape.ts";

/** Byte values of delimiters. The first of equals wins, so the comma, a possible decimal mark, is last. */
export const DELIMITERS = [";", "\t", "|", ","].map((delimiter) => delimiter.charCodeAt(0));

const COMMA = 44;
const DOT = 46;

/** The delimiter of columns with blanks between them, once each run of blanks is one. */
export const BLANK = 32;

/** Maximum number of sampled records, and of sampled cells per record. */
const TRIAL_RECORDS = 200;
const TRIAL_CELLS = 500;

/** Weight of a delimiter that gives records of equal length but no numbers. */
const TEXT_WEIGHT = 0.1;

/** A delimiter and the shape of the records with it. */
export interface FoundDelimiter {
  readonly delimiter: number;
  readonly shape: Shape;
}

interface Attempt extends FoundDelimiter {
  readonly score: number;
}

/**
 * The delimiter that gives the most uniform records with the most numbers and times.
 *
 * @param head Sampled bytes.
 * @param delimiters Byte values that are tried.
 * @param frame Cuts the sampled bytes into a limited number of records.
 * @returns Null without a record.
 */
export function findDelimiter(
  head: Uint8Array,
  newline: number,
  frame: (framing: Framing, records: number) => RecordBlock,
  delimiters: readonly number[] = DELIMITERS,
): FoundDelimiter | null {
  const attempt = (delimiter: number): Attempt | null => {
    const framing = {
      delimiter,
      newline,
      encoding: "latin1",
      firstCells: null,
      cells: null,
    } as const;
    const records = sampleRecords(frame(framing, TRIAL_RECORDS), framing);
    if (records.length === 0) return null;
    const shape = findShape(records);
    const score =
      shape.cells < 2 ? 0 : shape.share * (TEXT_WEIGHT + valueShare(records.slice(1), delimiter));
    return { delimiter, shape, score };
  };
  let best: Attempt | null = null;
  // a byte that does not occur is not the delimiter
  for (const delimiter of delimiters.filter((byte) => head.includes(byte))) {
    const found = attempt(delimiter);
    if (found !== null && found.score > (best?.score ?? 0)) best = found;
  }
  return best ?? attempt(delimiters[0] as number);
}

function valueShare(rows: readonly (readonly string[])[], delimiter: number): number {
  const cells = rows
    .flat()
    .slice(0, TRIAL_CELLS)
    .map(cleanCell)
    .filter((cell) => !isMissing(cell));
  const values = cells.filter(
    (cell) =>
      isNumeric(cell, DOT) ||
      (delimiter !== COMMA && isNumeric(cell, COMMA)) ||
      detectTimestampFormat([cell]) !== null,
  );
  return values.length / Math.max(cells.length, 1);
}
