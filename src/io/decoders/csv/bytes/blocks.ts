import { isUtf8 } from "node:buffer";
import type { CsvDialect } from "../dialect.ts";

/** Bytes per step: csv-parse needs about ten times as much memory for its objects. */
export const BLOCK_BYTES = 262_144;

/** End of the lines that fit into a block from `at`; if none fits, the end of the block. */
export function endOfBlock(data: Buffer, at: number, newline: number): number {
  const most = Math.min(data.length, at + BLOCK_BYTES);
  const last = data.lastIndexOf(newline, most - 1);
  return last < at ? most : last + 1;
}

/** End of the line that contains the byte before `at`. */
export function endOfLine(data: Buffer, at: number, newline: number): number {
  const end = data.indexOf(newline, at - 1);
  return end < 0 ? data.length : end + 1;
}

/** Whether a block has whole lines of valid text. */
export function isClean(
  block: Buffer,
  { newline, encoding }: Pick<CsvDialect, "newline" | "encoding">,
): boolean {
  if (block.at(-1) !== newline || block.includes(0)) return false;
  return encoding === "latin1" || isUtf8(block);
}
