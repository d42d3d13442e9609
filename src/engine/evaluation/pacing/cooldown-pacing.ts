import type { AlertListener } from "../../../core/alerts/alert-event.ts";
import type { AlertPolicy } from "../../../core/alerts/alert-policy.ts";
import { INTERVAL_BYTES, ReadingInterval } from "../../../core/alerts/budget/reading-interval.ts";
import { isScored, type ScoreColumns } from "../../../core/detectors/detector.ts";
import type { StateReader, StateWriter } from "../../../core/state-codec.ts";
import type { Pacing } from "./pacing.ts";

/** Lets the cooldown of a policy follow the interval between readings. Verdicts stay as they are. */
export class CooldownPacing implements Pacing {
  readonly name = "interval";
  readonly #policy: AlertPolicy;
  readonly #interval = new ReadingInterval();
  /** Of the cooldown, s; NaN before the first scored reading. */
  #known = Number.NaN;

  constructor(policy: AlertPolicy) {
    this.#policy = policy;
  }

  get bytes(): number {
    return INTERVAL_BYTES;
  }

  take(scores: ScoreColumns, times: Float64Array, i: number): void {
    const interval = this.#interval;
    interval.see(times, i);
    if (!isScored(scores, i) || !(interval.isDue || Number.isNaN(this.#known))) return;
    this.#known = interval.measure(this.#known);
    if (!Number.isNaN(this.#known)) this.#policy.follow(1000 * this.#known);
  }

  pass(): boolean {
    return true;
  }

  normal(timestamp: number, policy: AlertPolicy, listener: AlertListener): void {
    policy.normal(timestamp, listener);
  }

  get remembers(): boolean {
    return false;
  }

  remember(): void {}

  evidence(): null {
    return null;
  }

  since(timestamp: number): number {
    return timestamp;
  }

  shift(): void {}

  threshold(): number {
    return Number.NaN;
  }

  save(writer: StateWriter): void {
    this.#interval.save(writer);
    writer.f64(this.#known);
  }

  load(reader: StateReader): void {
    this.#interval.load(reader);
    this.#known = reader.f64();
  }
}
