const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * Positions of the cells of a plain line. A plain line is unambiguous: it has the expected number of cells, quotes only
 * around whole cells, and no quote or line break within quotes.
 */
export class LineCells {
  /** Start and end (exclusive) of each cell, without its quotes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #delimiter: number;
  readonly #newline: number;

  /** @param count Cells of a line. Delimiter and newline are byte values. */
  constructor(count: number, delimiter: number, newline: number) {
    this.starts = new Int32Array(count);
    this.ends = new Int32Array(count);
    this.#delimiter = delimiter;
    this.#newline = newline;
  }

  /**
   * Finds the cells of the line at `start`. O(length of the line), about 1 ns a byte.
   *
   * @param data Must have a line break at or after `start`.
   * @returns The position after the line break, or -1 if the line is not plain.
   */
  find(data: Uint8Array, start: number): number {
    const newline = this.#newline;
    const last = this.starts.length - 1;
    let at = start;
    for (let cell = 0; ; cell++) {
      at = data[at] === QUOTE ? this.#quotedCell(data, at, cell) : this.#bareCell(data, at, cell);
      if (at < 0) return -1;
      at += 1;
      if (data[at - 1] === newline) return cell === last ? at : -1;
      if (cell === last) return this.#endsHere(data, at);
    }
  }

  /** Stores the position of the cell at `start`. @returns The position of its delimiter or line break, or -1. */
  #bareCell(data: Uint8Array, start: number, cell: number): number {
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    let at = start;
    let byte = data[at] as number;
    while (byte !== delimiter && byte !== newline) {
      if (byte === QUOTE) return -1;
      at += 1;
      byte = data[at] as number;
    }
    this.starts[cell] = start;
    this.ends[cell] = byte === LF && data[at - 1] === CR ? at - 1 : at;
    return at;
  }

  /** The same for a cell in quotes. */
  #quotedCell(data: Uint8Array, start: number, cell: number): number {
    const end = this.#closingQuote(data, start + 1);
    if (end < 0) return -1;
    this.starts[cell] = start + 1;
    this.ends[cell] = end;
    const at = this.#skipCarriageReturn(data, end + 1);
    return data[at] === this.#delimiter || data[at] === this.#newline ? at : -1;
  }

  #closingQuote(data: Uint8Array, start: number): number {
    for (let at = start; ; at++) {
      const byte = data[at] as number;
      if (byte === QUOTE) return at;
      if (byte === this.#newline) return -1;
    }
  }

  /** Accepts a delimiter after the last cell, if the line ends there. */
  #endsHere(data: Uint8Array, at: number): number {
    const end = this.#skipCarriageReturn(data, at);
    return data[end] === this.#newline ? end + 1 : -1;
  }

  #skipCarriageReturn(data: Uint8Array, at: number): number {
    return this.#newline === LF && data[at] === CR && data[at + 1] === LF ? at + 1 : at;
  }
}
