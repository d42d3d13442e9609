import type { StateReader, StateWriter } from "../../../state-codec.ts";
import { float64Bytes } from "../../../units/object-bytes.ts";
import { withRoom } from "../with-room.ts";

/** Mean surprise of a feature that behaves as in its reference, nats. A feature without a vote gets this value. */
export const NEUTRAL_SURPRISE = 1 + Math.LN2;

/**
 * Keeps the surprises of warm-up rows until the warm-up ends; then their scores become the first history of the
 * calibrator. See "Warm-up" in `docs/detector.md`.
 */
export class SeedRows {
  readonly #dimension: number;
  /** Maximum number of surprises. */
  readonly #most: number;
  #surprises = new Float64Array(0); // row by row; NaN: no vote
  #count = 0;

  /** @param capacity Maximum number of rows. */
  constructor(capacity: number, dimension: number) {
    this.#dimension = dimension;
    this.#most = capacity * dimension;
  }

  /** Rows kept. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held now. */
  get bytes(): number {
    return float64Bytes(this.#surprises.length);
  }

  /** Copies a row of surprises, which begins at `from[at]`. */
  add(from: Float64Array, at: number): void {
    const to = this.#count * this.#dimension;
    this.#surprises = withRoom(this.#surprises, to + this.#dimension, this.#most);
    for (let j = 0; j < this.#dimension; j++) this.#surprises[to + j] = from[at + j] as number;
    this.#count += 1;
  }

  /** The `i`-th row, as a view. */
  row(i: number): Float64Array {
    return this.#surprises.subarray(i * this.#dimension, (i + 1) * this.#dimension);
  }

  /**
   * Reduces the weights of features that drift during the warm-up, which are more surprising on average than
   * {@link NEUTRAL_SURPRISE}. The weights still add up to the number of features.
   *
   * @param weights Receives a weight per feature.
   * @param power Strength, above 0.
   */
  weigh(weights: Float64Array, power: number): void {
    const d = this.#dimension;
    let total = 0;
    for (let j = 0; j < d; j++) {
      const weight = Math.min(1, NEUTRAL_SURPRISE / Math.max(this.#mean(j), 1e-9)) ** power;
      weights[j] = weight;
      total += weight;
    }
    for (let j = 0; j < d; j++) weights[j] = ((weights[j] as number) * d) / total;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#count);
    writer.f64s(this.#surprises, 0, this.#count * this.#dimension);
  }

  /** @throws {RangeError} If there are more saved rows than `capacity`. */
  load(reader: StateReader): void {
    const count = reader.u32();
    if (count * this.#dimension > this.#most) {
      throw new RangeError(`Saved warm-up of ${count} rows does not fit`);
    }
    this.#count = count;
    this.#surprises = withRoom(this.#surprises, count * this.#dimension, this.#most);
    reader.f64s(this.#surprises, 0, count * this.#dimension);
  }

  /** Mean surprise of a feature over the rows in which it voted. */
  #mean(feature: number): number {
    let sum = 0;
    let votes = 0;
    for (let i = 0; i < this.#count; i++) {
      const surprise = this.#surprises[i * this.#dimension + feature] as number;
      if (Number.isNaN(surprise)) continue;
      sum += surprise;
      votes += 1;
    }
    return votes > 0 ? sum / votes : NEUTRAL_SURPRISE;
  }
}
