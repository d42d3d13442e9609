import type { StateReader, StateWriter } from "../../../core/state-codec.ts";

/** Verdicts and anomalies of a detector, counted by key code. */
export class VerdictCounts {
  #scored = new Float64Array(16);
  #anomalies = new Float64Array(16);

  /** Counts a verdict. */
  count(key: number, isAnomaly: boolean): void {
    this.add(key, 1, isAnomaly ? 1 : 0);
  }

  add(key: number, scored: number, anomalies: number): void {
    if (key >= this.#scored.length) this.#grow(key);
    this.#scored[key] = (this.#scored[key] as number) + scored;
    this.#anomalies[key] = (this.#anomalies[key] as number) + anomalies;
  }

  scored(key: number): number {
    return this.#scored[key] ?? 0;
  }

  anomalies(key: number): number {
    return this.#anomalies[key] ?? 0;
  }

  /** Writes the counts of keys with codes below `keys`. */
  save(writer: StateWriter, keys: number): void {
    if (keys > this.#scored.length) this.#grow(keys - 1);
    writer.f64s(this.#scored, 0, keys);
    writer.f64s(this.#anomalies, 0, keys);
  }

  /** @throws {RangeError} If the bytes end early. */
  load(reader: StateReader, keys: number): void {
    if (keys > this.#scored.length) this.#grow(keys - 1);
    reader.f64s(this.#scored, 0, keys);
    reader.f64s(this.#anomalies, 0, keys);
  }

  #grow(key: number): void {
    const size = Math.max(key + 1, this.#scored.length * 2);
    const scored = new Float64Array(size);
    scored.set(this.#scored);
    this.#scored = scored;
    const anomalies = new Float64Array(size);
    anomalies.set(this.#anomalies);
    this.#anomalies = anomalies;
  }
}
