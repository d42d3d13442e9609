import { NUL_BYTE } from "../../lines/replaced-text.ts";
import type { RowFault } from "../../rows/row-reader.ts";
import { Framer, type Framing } from "../records/framer.ts";
import { parseRecords } from "../records/parse-records.ts";
import { MAX_RECORD_BYTES } from "../records/scan-record.ts";

/** A line as a record; null: a blank line. */
export type LineRecord =
  | { readonly cells: readonly string[] }
  | { readonly fault: RowFault }
  | null;

/** Maximum number of UTF-8 bytes per character. */
const MAX_BYTES = 3;

/**
 * Splits a line into cells, with the same result as the decoder of recordings. A delimiter after the last cell adds
 * an empty cell.
 */
export function lineRecord(line: string, framing: Framing): LineRecord {
  if (line.includes('"') || line.length * MAX_BYTES > MAX_RECORD_BYTES) {
    return frameLine(line, framing);
  }
  const delimiter = String.fromCharCode(framing.delimiter);
  const cells = line.split(delimiter);
  if (cells.length === 1 && line.trim() === "") return null;
  if (line.includes("\0")) return { fault: NUL_BYTE };
  const expected = framing.cells ?? cells.length;
  if (cells.length === expected) return { cells };
  if (cells.length === expected + 1 && line.endsWith(delimiter)) return { cells };
  const found = `${cells.length} ${cells.length === 1 ? "cell" : "cells"}`;
  return { fault: { reason: "cell count", detail: `${found} instead of ${expected}` } };
}

function frameLine(line: string, framing: Framing): LineRecord {
  const framer = new Framer({ ...framing, firstCells: framing.cells });
  const ended = framer.push(Buffer.from(`${line}\n`));
  const [fault] = [...ended.faults, ...framer.finish().faults];
  if (fault !== undefined) return { fault: { reason: fault.reason, detail: fault.detail } };
  const [cells] = parseRecords(ended, framing);
  return cells === undefined ? null : { cells };
}
