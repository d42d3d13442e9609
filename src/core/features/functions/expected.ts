import type { StateReader, StateWriter } from "../../state-codec.ts";
import { OBJECT_BYTES } from "../../units/object-bytes.ts";
import type { GrowingState, RollingFunction, RowBlock } from "../rolling-function.ts";
import { finiteOrMissing } from "../state/samples.ts";
import { TimeOfPeriod } from "../state/time-of-period.ts";

const DAY_MS = 86_400_000;
const HALF_HOUR_MS = DAY_MS / 48;
const DAY = { ms: DAY_MS, parts: 48, kept: 14 };
const WEEK = { ms: 7 * DAY_MS, parts: 7 * 24, kept: 4 };
/** Half hours of a week: memory of the errors of both periods. */
const ERROR_PARTS = 7 * 48;
/** The week must have errors smaller than this share of those of the day, since it learns three times as slowly. */
const BETTER = 0.9;

/**
 * The value less its usual value at this time of the day (median of the half hours of the last 14 days), or of the week
 * (median of the hours of the last 4 weeks), whichever had the smaller errors lately. Missing for the first three days.
 * Days and weeks are in UTC. About 13 kB a sensor; O(1) per row, amortised.
 */
export const expected: RollingFunction = {
  summary:
    "value less its usual value at this time of day (of the last 14 days), or of the week (of the last 4), whichever fits better",
  unit: "unit",
  window: "none",
  defaultWindow: { kind: "rows", rows: 1 },
  durations: false,
  lookback: false,
  columns: 1,
  quantile: false,
  times: true,
  leastSamples: null,
  create: () => new ExpectedState(),
};

class ExpectedState implements GrowingState {
  readonly #day = new TimeOfPeriod(DAY);
  readonly #week = new TimeOfPeriod(WEEK);
  readonly maxBytes = this.#day.maxBytes + this.#week.maxBytes + OBJECT_BYTES;
  /** The current half hour since the epoch. */
  #part = Number.NaN;
  // sums of the errors of both periods in it, over rows where both have a usual value
  #dayErrors = 0;
  #weekErrors = 0;
  #compared = 0;
  // mean errors of both; NaN before the first half hour with both
  #dayError = Number.NaN;
  #weekError = Number.NaN;

  get bytes(): number {
    return this.#day.bytes + this.#week.bytes + OBJECT_BYTES;
  }

  apply(block: RowBlock, out: Float64Array, offset: number): void {
    const { samples, times, start, count } = block;
    for (let i = 0; i < count; i++) {
      const x = samples[start + i] as number;
      out[offset + i] = Number.isNaN(x)
        ? Number.NaN
        : finiteOrMissing(x - this.#next(x, times[start + i] as number));
    }
  }

  save(writer: StateWriter): void {
    this.#day.save(writer);
    this.#week.save(writer);
    writer.f64(this.#part);
    writer.f64(this.#dayErrors);
    writer.f64(this.#weekErrors);
    writer.u32(this.#compared);
    writer.f64(this.#dayError);
    writer.f64(this.#weekError);
  }

  load(reader: StateReader): void {
    this.#day.load(reader);
    this.#week.load(reader);
    this.#part = reader.f64();
    this.#dayErrors = reader.f64();
    this.#weekErrors = reader.f64();
    this.#compared = reader.u32();
    this.#dayError = reader.f64();
    this.#weekError = reader.f64();
  }

  /** The usual value before `x` at this time, and learns `x`. */
  #next(x: number, time: number): number {
    const part = Math.floor(time / HALF_HOUR_MS);
    if (part !== this.#part) this.#compare(part);
    const day = this.#day.at(time);
    const week = this.#week.at(time);
    this.#day.add(x);
    this.#week.add(x);
    if (Number.isNaN(week)) return day;
    if (Number.isNaN(day)) return week;
    this.#dayErrors += Math.abs(x - day);
    this.#weekErrors += Math.abs(x - week);
    this.#compared += 1;
    return this.#weekError < BETTER * this.#dayError ? week : day;
  }

  /** Ends the half hour. */
  #compare(part: number): void {
    if (this.#compared > 0) {
      this.#dayError = blend(this.#dayError, this.#dayErrors / this.#compared);
      this.#weekError = blend(this.#weekError, this.#weekErrors / this.#compared);
    }
    this.#part = part;
    this.#dayErrors = 0;
    this.#weekErrors = 0;
    this.#compared = 0;
  }
}

function blend(mean: number, next: number): number {
  if (!Number.isFinite(next)) return mean;
  return Number.isNaN(mean) ? next : mean + (next - mean) / ERROR_PARTS;
}
