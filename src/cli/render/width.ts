import type { OutputStream } from "../context.ts";

const USUAL_WIDTH = 80;

/** Columns of a terminal; the usual 80 where it does not tell (a size of 0 x 0); Infinity: no terminal. */
export function widthOf({ isTTY, columns = 0 }: OutputStream): number {
  if (columns > 0) return columns;
  return isTTY === true ? USUAL_WIDTH : Number.POSITIVE_INFINITY;
}
