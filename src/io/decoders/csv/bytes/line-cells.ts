const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * Where the cells of a plain line are. Plain means that nobody can read the line in another way: as
 * many cells as expected, quotes only around whole cells, no quote or line break within quotes.
 */
export class LineCells {
  /** Position of the first byte of each cell, and the one behind its last; without its quotes. */
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
   * @param data Must have a line break at or behind `start`.
   * @returns The position behind the line break, or -1 when the line is not plain.
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

  /** Notes where the cell at `start` is; returns the position of what ends it, or -1. */
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

  /** A delimiter behind the last cell is let through, if the line ends there. */
  #endsHere(data: Uint8Array, at: number): number {
    const end = this.#skipCarriageReturn(data, at);
    return data[end] === this.#newline ? end + 1 : -1;
  }

  #skipCarriageReturn(data: Uint8Array, at: number): number {
    return this.#newline === LF && data[at] === CR && data[at + 1] === LF ? at + 1 : at;
  }
}
