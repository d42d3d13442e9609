import type { StateReader, StateWriter } from "../state-codec.ts";
import type { Persistence } from "./config.ts";

/**
 * Decides when an anomaly has lasted long enough to be an episode: at once, for `need` of the last
 * `of` scored rows, or for a time in which every scored row was anomalous.
 */
export class PendingWindow {
  readonly #rule: Persistence;
  /** Event time of the anomalous rows among the last `of`; NaN for normal ones. A ring. */
  readonly #times: Float64Array;
  #next = 0;
  #anomalies = 0;
  #since = Number.NaN;

  constructor(rule: Persistence) {
    this.#rule = rule;
    this.#times = new Float64Array(rule.kind === "rows" ? rule.of : 0).fill(Number.NaN);
  }

  /** Event time of the oldest anomalous row that counts, ms; NaN when none does. */
  get since(): number {
    if (this.#rule.kind === "duration") return this.#since;
    const times = this.#times;
    for (let i = 0; i < times.length; i++) {
      const time = times[(this.#next + i) % times.length] as number;
      if (!Number.isNaN(time)) return time;
    }
    return Number.NaN;
  }

  /** When it will have lasted long enough without further rows, ms; NaN: never. */
  get deadline(): number {
    return this.#rule.kind === "duration" ? this.#since + this.#rule.ms : Number.NaN;
  }

  /** Takes a scored row. @returns Whether the rule is met with it. */
  push(timestamp: number, anomalous: boolean): boolean {
    if (this.#rule.kind === "duration") {
      if (!anomalous) this.#since = Number.NaN;
      else if (Number.isNaN(this.#since)) this.#since = timestamp;
      return anomalous && this.#rule.ms === 0;
    }
    if (!Number.isNaN(this.#times[this.#next] as number)) this.#anomalies -= 1;
    if (anomalous) this.#anomalies += 1;
    this.#times[this.#next] = anomalous ? timestamp : Number.NaN;
    this.#next = this.#next + 1 === this.#times.length ? 0 : this.#next + 1;
    return anomalous && this.#anomalies >= this.#rule.need;
  }

  /** Forgets all rows. */
  clear(): void {
    this.#times.fill(Number.NaN);
    this.#anomalies = 0;
    this.#since = Number.NaN;
  }

  save(writer: StateWriter): void {
    writer.u32(this.#next);
    writer.f64(this.#anomalies);
    writer.f64(this.#since);
    writer.f64s(this.#times);
  }

  load(reader: StateReader): void {
    this.#next = reader.u32();
    this.#anomalies = reader.f64();
    this.#since = reader.f64();
    reader.f64s(this.#times);
  }
}
