import type { StateReader, StateWriter } from "../../../state-codec.ts";
import { columnCount } from "../score/column-sums.ts";
import { NoveltyMemory, noveltyMemoryBytes } from "./novelty-memory.ts";

const WEIGHT = 2;
const MIN_ROWS = 500;
const NONE: ReadonlyMap<number, number> = new Map();

/**
 * The novelty memories of a detector's raw columns, and the bonus they give a row that enters a
 * region never visited. Learning never sees the bonus.
 */
export class Novelty {
  readonly #inputs: readonly number[];
  /** Column of each input. */
  readonly #columns: readonly number[];
  readonly #memories: readonly NoveltyMemory[];
  readonly #nats: Float64Array;
  /** Nats that the last row gets for each column. */
  readonly extra: Float64Array;
  readonly #opensAt: number;
  #novelRows = 0;
  #before = 0; // novel rows before the last one
  #bonus = 0;

  /**
   * @param inputs Which features have a memory.
   * @param columns Column of each feature.
   * @param warmupPeriod Observations of the detector's warm-up.
   */
  constructor(inputs: readonly number[], columns: readonly number[], warmupPeriod: number) {
    this.#inputs = inputs;
    this.#columns = inputs.map((input) => columns[input] as number);
    this.#memories = inputs.map(() => new NoveltyMemory());
    this.#nats = new Float64Array(inputs.length);
    this.extra = new Float64Array(columnCount(columns));
    this.#opensAt = opensAt(warmupPeriod);
  }

  /** Bytes held now, about. */
  get bytes(): number {
    return this.#memories.reduce((sum, memory) => sum + memory.bytes, 0);
  }

  /** Nats that the last row gets on top of its score; 0 when it is not novel. */
  get bonus(): number {
    return this.#bonus;
  }

  /** Learns the row `x`, the `observation`-th (0-based) one. */
  observe(x: Float64Array, observation: number): void {
    if (this.#memories.length === 0) return;
    const { extra } = this;
    let any = false;
    if (this.#bonus > 0) extra.fill(0);
    for (let i = 0; i < this.#memories.length; i++) {
      const memory = this.#memories[i] as NoveltyMemory;
      const nats = memory.observe(x[this.#inputs[i] as number] as number, observation);
      const column = this.#columns[i] as number;
      this.#nats[i] = nats;
      extra[column] = (extra[column] as number) + WEIGHT * nats;
      any ||= nats > 0;
      if (observation + 1 === this.#opensAt) memory.open(observation);
    }
    this.#bonus = any ? extra.reduce((sum, nats) => sum + nats, 0) : 0;
    this.#before = this.#novelRows;
    if (this.#bonus > 0) this.#novelRows += 1;
  }

  /** Laplace's estimate of how often a row is novel, from the rows before the last one. */
  rate(observationsBefore: number): number {
    const columns = this.#inputs.length;
    return (this.#before + columns) / (observationsBefore + columns);
  }

  /** The features that made the last row novel, with the nats that each added to its score. */
  bonuses(): ReadonlyMap<number, number> {
    if (this.#bonus === 0) return NONE;
    const all = this.#inputs.map(
      (input, i) => [input, WEIGHT * (this.#nats[i] as number)] as const,
    );
    return new Map(all.filter(([, nats]) => nats > 0));
  }

  save(writer: StateWriter): void {
    writer.f64(this.#novelRows);
    for (const memory of this.#memories) memory.save(writer);
  }

  load(reader: StateReader): void {
    this.#novelRows = reader.f64();
    for (const memory of this.#memories) memory.load(reader);
  }
}

/** Observations after which the memories open. */
function opensAt(warmupPeriod: number): number {
  return Math.max(warmupPeriod, MIN_ROWS);
}

/** Bytes of `memories` memories, about: just before they open after a warm-up, or with 0 once open. */
export function noveltyBytes(memories: number, warmupPeriod: number): number {
  const startValues = warmupPeriod > 0 ? opensAt(warmupPeriod) : 0;
  return memories * noveltyMemoryBytes(startValues);
}
