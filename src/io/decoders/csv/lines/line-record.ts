import { NUL_BYTE } from "../../lines/replaced-text.ts";
import type { RowFault } from "../../rows/row-reader.ts";
import { Framer, type Framing } from "../records/framer.ts";
import { parseRecords } from "../records/parse-records.ts";
import { MAX_RECORD_BYTES } from "../records/scan-record.ts";

/** A line as a record; null: it is blank. */
export type LineRecord =
  | { readonly cells: readonly string[] }
  | { readonly fault: RowFault }
  | null;

/** Bytes that a character may take in UTF-8. */
const MAX_BYTES = 3;

/**
 * The cells of a line, as the decoder of recordings finds them if it is one. A delimiter behind the last
 * cell makes one more.
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
  return { fault: { reason: "cell count", detail: `${found} where ${expected} are expected` } };
}

function frameLine(line: string, framing: Framing): LineRecord {
  const framer = new Framer({ ...framing, firstCells: framing.cells });
  const ended = framer.push(Buffer.from(`${line}\n`));
  const [fault] = [...ended.faults, ...framer.finish().faults];
  if (fault !== undefined) return { fault: { reason: fault.reason, detail: fault.detail } };
  const [cells] = parseRecords(ended, framing);
  return cells === undefined ? null : { cells };
}
