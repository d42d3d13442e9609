/** Longest timestamp, in UTF-16 code units. */
const MAX_LENGTH = 100;

const SPACE = 32;
const NO_BREAK_SPACE = 160;
const NARROW_NO_BREAK_SPACE = 0x202f;
const FIRST_NOT_ASCII = 128;

/** Whether a code unit is a blank. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === 9 || code === NO_BREAK_SPACE || code === NARROW_NO_BREAK_SPACE;
}

/** The text of one or several cells, joined by a blank, in memory that is used again: nothing is allocated. */
export class CellText {
  readonly codes = new Uint16Array(MAX_LENGTH);
  /** Number of code units; 0 if the text is empty or too long. */
  length = 0;
  #isTooLong = false;

  clear(): void {
    this.length = 0;
    this.#isTooLong = false;
  }

  /** Adds a cell without its surrounding blanks; an empty one adds nothing. */
  add(cell: string): void {
    this.#join();
    for (let i = 0; i < cell.length; i++) this.#push(cell.charCodeAt(i));
    this.#trim();
  }

  /**
   * Adds a cell of ASCII characters.
   *
   * @returns False: it has other characters, and nothing useful was added.
   */
  addBytes(data: Uint8Array, start: number, end: number): boolean {
    this.#join();
    for (let i = start; i < end; i++) {
      const code = data[i] as number;
      if (code >= FIRST_NOT_ASCII) return false;
      this.#push(code);
    }
    this.#trim();
    return true;
  }

  toString(): string {
    return String.fromCharCode(...this.codes.subarray(0, this.length));
  }

  #join(): void {
    if (this.length > 0) this.#push(SPACE);
  }

  #push(code: number): void {
    const isLeading = this.length === 0 || this.codes[this.length - 1] === SPACE;
    const blank = isBlank(code);
    if (this.#isTooLong || (blank && isLeading)) return;
    if (this.length === MAX_LENGTH) {
      this.#isTooLong = true;
      this.length = 0;
      return;
    }
    this.codes[this.length] = blank ? SPACE : code;
    this.length += 1;
  }

  #trim(): void {
    while (this.length > 0 && this.codes[this.length - 1] === SPACE) this.length -= 1;
  }
}
