import { parseOffset } from "./zone.ts";
import { ZoneRules } from "./zone-rules.ts";

const MS_PER_DAY = 86_400_000;
const MS_PER_HALF_DAY = MS_PER_DAY / 2;

/** Completes times from the earlier times of the same sensor. */
export interface KeyClock {
  /**
   * Ms since the epoch. Times of a sensor must come in their order; nothing is allocated except for new sensors.
   *
   * @param time As it is written, as if it were UTC.
   * @param key Code of the sensor.
   * @param near What the first time of a sensor is near to, if two are possible, ms since the epoch.
   */
  resolve(time: number, key: number, near?: number): number;
}

/** A number for each sensor, at first NaN. */
class PerKey {
  #values = new Float64Array(16).fill(Number.NaN);

  get(key: number): number {
    return key < this.#values.length ? (this.#values[key] as number) : Number.NaN;
  }

  set(key: number, value: number): void {
    if (key >= this.#values.length) {
      const grown = new Float64Array(2 ** Math.ceil(Math.log2(key + 2))).fill(Number.NaN);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[key] = value;
  }
}

/** The clock of a zone. @throws {RangeError} If there is no such zone. */
export function zoneClock(zone: string): KeyClock {
  const offset = parseOffset(zone);
  return Number.isNaN(offset) ? new ZoneClock(zone) : { resolve: (time) => time - offset };
}

/**
 * Local times of a zone. Of an hour that occurs twice in autumn, the reading tells which one it is: the one nearer to
 * the time at which the sensor is expected, one step after its last reading.
 */
class ZoneClock implements KeyClock {
  readonly #rules: ZoneRules;
  readonly #last = new PerKey();
  readonly #step = new PerKey();

  constructor(zone: string) {
    this.#rules = new ZoneRules(zone);
  }

  resolve(local: number, key: number, near = Number.NEGATIVE_INFINITY): number {
    const rules = this.#rules;
    rules.toUtc(local);
    const { earlier, later } = rules;
    const last = this.#last.get(key);
    let time = earlier;
    if (later > earlier) {
      const step = this.#step.get(key);
      const next = last + (Number.isNaN(step) ? 0 : step);
      const expected = Number.isNaN(last) ? near : next;
      if (Math.abs(later - expected) < Math.abs(earlier - expected)) time = later;
    }
    if (time > last) this.#step.set(key, time - last);
    this.#last.set(key, time);
    return time;
  }
}

/** Times of day without a date: a day begins where the clock of a sensor falls by more than half a day. */
export class DayClock implements KeyClock {
  readonly #start: number;
  readonly #last = new PerKey();
  readonly #day = new PerKey();

  /** @param start Midnight of the first day, ms since the epoch. */
  constructor(start: number) {
    this.#start = start;
  }

  resolve(time: number, key: number): number {
    const last = this.#last.get(key);
    const before = this.#day.get(key);
    let day = Number.isNaN(before) ? 0 : before;
    if (last - time > MS_PER_HALF_DAY) day += 1;
    else if (time - last > MS_PER_HALF_DAY && day > 0) day -= 1;
    this.#last.set(key, time);
    this.#day.set(key, day);
    return this.#start + day * MS_PER_DAY + time;
  }
}
