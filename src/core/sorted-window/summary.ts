import type { StateReader, StateWriter } from "../state-codec.ts";
import type { History } from "./history.ts";
import type { Kernel, WindowMemory } from "./window-memory.ts";

/** Entries of a summary, and bytes of its head and of an entry. */
const ENTRIES = 48;
const HEAD_BYTES = 64;
const ENTRY_BYTES = 16;
/** Numbers in the head that are saved; the first is that of entries. */
const SAVED_HEAD = 10;
/** A summary may be longer than its limit by less than this. */
export const SUMMARY_EXCESS = 16;

/** Bytes of a summary. */
export const SUMMARY_BYTES = HEAD_BYTES + ENTRIES * ENTRY_BYTES;

/** Largest window of a summary: an entry counts up to 32,767 values of one age. */
export const MAX_SUMMARY_WINDOW = 32_751;

/** Which values a summary keeps apart. */
export interface SummaryShape {
  /** Whether only the largest values matter, as in a score history. */
  readonly oneSided: boolean;
  /** Length that it aims at. */
  readonly window: number;
}

/**
 * About the newest values of one feature or score: at most 48 values with the number of values that each stands for.
 * The values at the ends stay apart, and so do all values of a coarse sensor. See `docs/detector-spec.md`, section 6.
 *
 * Methods take O(48) time.
 */
export class Summary implements History {
  readonly address: number;
  readonly #memory: WindowMemory;
  readonly #kernel: Kernel;
  readonly #shape: SummaryShape;

  /** @param address Of an existing summary; null: creates one. */
  constructor(memory: WindowMemory, shape: SummaryShape, address: number | null) {
    this.#memory = memory;
    this.#kernel = memory.kernel;
    this.#shape = shape;
    this.address = address ?? memory.createSummary(shape.window + SUMMARY_EXCESS);
    if (address === null) this.#clear();
  }

  get length(): number {
    return this.#kernel.summaryLength(this.address);
  }

  get bytes(): number {
    return SUMMARY_BYTES;
  }

  at(i: number): number {
    return this.#kernel.summaryAt(this.address, i);
  }

  /** A fraction between values that were merged. */
  countAtLeast(from: Float64Array, i: number): number {
    return this.#kernel.summaryAtLeast(this.address, from[i] as number);
  }

  topExcess(k: number): number {
    return this.#kernel.summaryTopExcess(this.address, k);
  }

  rankOfLeaving(): number {
    return Number.POSITIVE_INFINITY;
  }

  add(from: Float64Array, i: number, limit: number, span: number): void {
    this.#kernel.summaryAdd(this.address, from[i] as number, span);
    const slack = Math.max(1, Math.min(SUMMARY_EXCESS, Math.floor(limit / 32)));
    this.#kernel.summaryTrim(this.address, limit, slack);
  }

  save(writer: StateWriter): void {
    const words = this.#words();
    const entries = words[0] as number;
    for (let i = 0; i < SAVED_HEAD; i++) writer.u32(words[i] as number);
    const to = (HEAD_BYTES + entries * ENTRY_BYTES) / 4;
    for (let i = HEAD_BYTES / 4; i < to; i++) writer.u32(words[i] as number);
  }

  load(reader: StateReader): void {
    const entries = reader.u32();
    if (entries > ENTRIES) throw new RangeError(`Saved summary of ${entries} entries does not fit`);
    this.#clear();
    const words = this.#words();
    words[0] = entries;
    for (let i = 1; i < SAVED_HEAD; i++) words[i] = reader.u32();
    const to = (HEAD_BYTES + entries * ENTRY_BYTES) / 4;
    for (let i = HEAD_BYTES / 4; i < to; i++) words[i] = reader.u32();
  }

  #clear(): void {
    this.#kernel.createSummary(this.address, this.#shape.oneSided, this.#shape.window);
  }

  #words(): Uint32Array {
    return new Uint32Array(this.#memory.numbers.buffer, this.address, SUMMARY_BYTES / 4);
  }
}
