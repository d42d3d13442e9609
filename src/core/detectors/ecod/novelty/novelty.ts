import type { StateReader, StateWriter } from "../../../state-codec.ts";
import type { Block } from "../block.ts";
import type { Cells } from "../cells.ts";
import { opensAt } from "../config.ts";
import type { Shape } from "../shape.ts";
import { NoveltyMemory } from "./novelty-memory.ts";

const WEIGHT = 2;
const NONE: ReadonlyMap<number, number> = new Map();

/**
 * The novelty memories of a detector's raw columns, and the bonus they give a row that enters a
 * region never visited. Learning never sees the bonus.
 */
export class Novelty {
  readonly #shape: Shape;
  /** Which features have a memory. */
  readonly #inputs: readonly number[];
  readonly #memories: readonly NoveltyMemory[];
  /** Nats of the last row for each memory. */
  readonly #nats: Cells;
  /** Nats that the last row gets for each column. */
  readonly extra: Cells;
  #novelRows = 0;
  #before = 0; // novel rows before the last one
  #bonus = 0;

  constructor(shape: Shape, block: Block) {
    const { noveltyFeatures, frozen } = shape.config;
    this.#shape = shape;
    this.#inputs = frozen ? [] : noveltyFeatures;
    this.#memories = this.#inputs.map(() => new NoveltyMemory());
    this.#nats = block.cells(shape.layout.nats);
    this.extra = block.cells(shape.layout.extra);
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
    let any = false;
    if (this.#bonus > 0) this.#clear();
    const { columns, warmupPeriod } = this.#shape.config;
    const opens = observation + 1 === opensAt(warmupPeriod);
    const { numbers } = this.extra.memory;
    for (let i = 0; i < this.#memories.length; i++) {
      const memory = this.#memories[i] as NoveltyMemory;
      const input = this.#inputs[i] as number;
      const nats = memory.observe(x[input] as number, observation);
      const at = this.extra.at + (columns[input] as number);
      numbers[this.#nats.at + i] = nats;
      numbers[at] = (numbers[at] as number) + WEIGHT * nats;
      any ||= nats > 0;
      if (opens) memory.open(observation);
    }
    this.#bonus = any ? this.#sum() : 0;
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
      (input, i) =>
        [input, WEIGHT * (this.#nats.memory.numbers[this.#nats.at + i] as number)] as const,
    );
    return new Map(all.filter(([, nats]) => nats > 0));
  }

  /** Nats of all columns. */
  #sum(): number {
    const { numbers } = this.extra.memory;
    let sum = 0;
    for (let g = 0; g < this.#shape.sums.columns; g++) {
      sum += numbers[this.extra.at + g] as number;
    }
    return sum;
  }

  #clear(): void {
    const { at, memory } = this.extra;
    memory.numbers.fill(0, at, at + this.#shape.sums.columns);
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
