import type { CsvDialect } from "../dialect.ts";

/** An unparseable record. */
export interface RecordFault {
  /** Number of clean records before it in the block. */
  readonly before: number;
  /** 1-based line on which it starts. */
  readonly line: number;
  readonly reason: string;
  readonly detail: string;
  readonly text: string;
}

/** Records of a sequence of bytes: the clean ones joined, the others as faults. */
export interface RecordBlock {
  /** Clean records with their line breaks, joined. */
  readonly bytes: Buffer;
  /** End of each clean record in `bytes`. */
  readonly ends: readonly number[];
  /** 1-based line on which each clean record starts. */
  readonly lines: readonly number[];
  /** In input order. */
  readonly faults: readonly RecordFault[];
}

const MAX_TEXT_BYTES = 4096;

/** Builds a {@link RecordBlock} from positions in `data`. */
export class RecordBlockBuilder {
  readonly #data: Buffer;
  readonly #encoding: CsvDialect["encoding"];
  readonly #runs: Buffer[] = [];
  #runStart = 0;
  #runEnd = 0;
  #bytes = 0;
  readonly #ends: number[] = [];
  readonly #lines: number[] = [];
  readonly #faults: RecordFault[] = [];

  constructor(data: Buffer, encoding: CsvDialect["encoding"]) {
    this.#data = data;
    this.#encoding = encoding;
  }

  /** Adds the record `data[start, end)`, which is not before the last one. O(1). */
  addRecord(start: number, end: number, line: number): void {
    if (start !== this.#runEnd) {
      this.#closeRun();
      this.#runStart = start;
    }
    this.#runEnd = end;
    this.#bytes += end - start;
    this.#ends.push(this.#bytes);
    this.#lines.push(line);
  }

  /** Adds `data[start, end)` as unusable. */
  addFault(start: number, end: number, line: number, reason: string, detail: string): void {
    const text = recordText(this.#data.subarray(start, end), this.#encoding);
    this.#faults.push({ before: this.#ends.length, line, reason, detail, text });
  }

  /** Copies bytes only if there are others between the clean records. */
  build(): RecordBlock {
    this.#closeRun();
    const [only = this.#data.subarray(0, 0)] = this.#runs;
    const bytes = this.#runs.length > 1 ? Buffer.concat(this.#runs) : only;
    return { bytes, ends: this.#ends, lines: this.#lines, faults: this.#faults };
  }

  #closeRun(): void {
    if (this.#runEnd > this.#runStart) {
      this.#runs.push(this.#data.subarray(this.#runStart, this.#runEnd));
    }
  }
}

/** The block with only its first `count` clean records. */
export function firstRecords(block: RecordBlock, count: number): RecordBlock {
  const ends = block.ends.slice(0, count);
  const bytes = block.bytes.subarray(0, ends.at(-1) ?? 0);
  return { ...block, ends, bytes, lines: block.lines.slice(0, count) };
}

/** A record for people: without its line break, cut to 4 kB. */
export function recordText(record: Buffer, encoding: CsvDialect["encoding"]): string {
  return record
    .subarray(0, MAX_TEXT_BYTES)
    .toString(encoding)
    .replace(/[\r\n]+$/, "");
}
