import type { Batch } from "../../core/batch.ts";

/** The keys that an engine runs. */
export interface Shard {
  /** Number of the engine. */
  readonly index: number;
  /** Engine numbers: key `k` belongs to the engine at index `k` modulo the length. */
  readonly owners: Uint8Array;
}

/** Groups the rows of a batch by key, in order of arrival within a key. Reused for every batch. */
export class KeyGroups {
  readonly #shard: Shard;
  #rows = new Uint32Array(0);
  #counts = new Uint32Array(64); // by key; all 0 between batches
  #keys: number[] = [];
  #ends: number[] = [];

  /** Row numbers of the batch, group after group. */
  get rows(): Uint32Array {
    return this.#rows;
  }

  /** Keys that occur in the batch, in order of first appearance. */
  get keys(): readonly number[] {
    return this.#keys;
  }

  /** End of the `i`-th group in `rows`; the group starts at the end of the previous one. */
  end(i: number): number {
    return i < 0 ? 0 : (this.#ends[i] as number);
  }

  /** Rows of the largest group. */
  get largest(): number {
    let largest = 0;
    for (let i = 0; i < this.#keys.length; i++) {
      largest = Math.max(largest, this.end(i) - this.end(i - 1));
    }
    return largest;
  }

  /** @param shard Rows of other keys are skipped. */
  constructor(shard: Shard) {
    this.#shard = shard;
  }

  /** Groups the rows of `batch`. O(rows). */
  group(batch: Batch): void {
    if (this.#rows.length < batch.length) this.#rows = new Uint32Array(batch.length);
    this.#keys.length = 0;
    this.#ends.length = 0;
    // loops are methods: code after a loop makes V8 leave the compiled loop for the interpreter every time
    this.#count(batch);
    this.#end();
    this.#place(batch);
    for (const key of this.#keys) this.#counts[key] = 0;
  }

  /** Counts the rows of each key. */
  #count(batch: Batch): void {
    const { index, owners } = this.#shard;
    const period = owners.length;
    for (let row = 0; row < batch.length; row++) {
      const key = batch.keys[row] as number;
      if (owners[key % period] !== index) continue;
      if (key >= this.#counts.length) this.#grow(key);
      if (this.#counts[key] === 0) this.#keys.push(key);
      this.#counts[key] = (this.#counts[key] as number) + 1;
    }
  }

  /** Turns the count of each key into the place of its next row. */
  #end(): void {
    const counts = this.#counts;
    let start = 0;
    for (const key of this.#keys) {
      const end = start + (counts[key] as number);
      this.#ends.push(end);
      counts[key] = start;
      start = end;
    }
  }

  #place(batch: Batch): void {
    const { index, owners } = this.#shard;
    const period = owners.length;
    const counts = this.#counts;
    for (let row = 0; row < batch.length; row++) {
      const key = batch.keys[row] as number;
      if (owners[key % period] !== index) continue;
      const at = counts[key] as number;
      this.#rows[at] = row;
      counts[key] = at + 1;
    }
  }

  #grow(key: number): void {
    const grown = new Uint32Array(Math.max(key + 1, this.#counts.length * 2));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}
