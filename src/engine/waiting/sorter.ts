import type { Batch } from "../../core/batch.ts";
import type { StateReader, StateWriter } from "../../core/state-codec.ts";
import { AGREES, AHEAD, CONFIRMS, TimeGuard } from "../time/time-guard.ts";
import type { TimeNotice } from "../time/time-notice.ts";
import { type HeldReading, holdRow, readHeld, writeHeld } from "./held-readings.ts";

/** Most readings that wait; above that, the oldest go on. */
const MAX_WAITING = 100_000;

/** A reading on its way through the sorter. */
export interface SortedReading {
  readonly key: number;
  readonly reading: HeldReading;
  /** Number of its arrival. */
  readonly arrival: number;
  /** Whether it arrived in an earlier batch. */
  isCarried: boolean;
}

/**
 * Sorts readings by time: each waits until event time is `lateness` past it. A reading that is even later than
 * that goes on at once, and so do those of a sensor that runs ahead of all others. A reading too far ahead waits
 * for the next one of its sensor, as in `TimeGuard`.
 *
 * O(log n) a reading for n waiting ones; allocates per reading.
 */
export class Sorter {
  /** Ms, >= 0. */
  lateness: number;
  /** Finds which times of arriving readings are believed. */
  readonly #arrivals = new TimeGuard();
  /** A binary heap, the oldest on top. */
  #waiting: SortedReading[] = [];
  /** By key: readings too far ahead. */
  readonly #ahead = new Map<number, SortedReading>();
  #notices: TimeNotice[] = [];
  #arrived = 0;

  constructor(lateness: number) {
    this.lateness = lateness;
  }

  /** As `TimeGuard.maxJump`. */
  set maxJump(ms: number | null) {
    this.#arrivals.maxJump = ms;
  }

  /** Largest believed time of a reading that has arrived, ms; -Infinity: none. */
  get watermark(): number {
    return this.#arrivals.common.watermark;
  }

  /** The larger of the watermark and the last tick, ms. */
  get now(): number {
    return this.#arrivals.common.now;
  }

  /** Event time at which the next reading goes on, ms; Infinity: none waits. */
  get deadline(): number {
    return (this.#waiting[0]?.reading.timestamp ?? Number.POSITIVE_INFINITY) + this.lateness;
  }

  /** Takes the rows of a batch. @returns The readings that go on, in order. */
  take(batch: Batch): SortedReading[] {
    const passed: SortedReading[] = [];
    const first = this.#arrived;
    for (let row = 0; row < batch.length; row++) {
      const key = batch.keys[row] as number;
      const reading = holdRow(batch, row);
      const one = { key, reading, arrival: this.#arrived, isCarried: true };
      this.#arrived += 1;
      this.#arrive(one, passed);
      this.#pass(this.watermark - this.lateness, passed);
    }
    for (const one of passed) one.isCarried = one.arrival < first;
    return passed;
  }

  /** Returns what was found about times since the last call, in order, and forgets it. */
  takeNotices(): readonly TimeNotice[] {
    const notices = this.#notices;
    if (notices.length > 0) this.#notices = [];
    return notices;
  }

  /** The input has ended: rejects the readings that are too far ahead. */
  end(): void {
    for (const one of this.#ahead.values()) this.#notice("unconfirmed", one);
    this.#ahead.clear();
  }

  /** Event time is known to be `now`, ms. @returns The readings that go on. */
  tick(now: number): SortedReading[] {
    const passed: SortedReading[] = [];
    this.#arrivals.common.tick(now);
    this.#pass(now - this.lateness, passed);
    return passed;
  }

  /** @returns All readings that wait. */
  flush(): SortedReading[] {
    const passed: SortedReading[] = [];
    this.#pass(Number.POSITIVE_INFINITY, passed);
    return passed;
  }

  /** @param keys Number of keys; codes are below it. */
  save(writer: StateWriter, keys: number): void {
    writer.f64(this.#arrived);
    writer.f64(this.watermark);
    writer.f64s(this.#arrivals.lastTimes(keys));
    this.#arrivals.save(writer, keys);
    for (const readings of [this.#waiting, [...this.#ahead.values()]]) {
      writer.u32(readings.length);
      for (const { key, reading, arrival } of readings) {
        writer.u32(key);
        writer.f64(arrival);
        writeHeld(writer, reading);
      }
    }
  }

  /** Restores what {@link save} wrote. For a new sorter. */
  load(reader: StateReader, keys: number): void {
    this.#arrived = reader.f64();
    const watermark = reader.f64();
    const lastTimes = new Float64Array(keys);
    reader.f64s(lastTimes);
    this.#arrivals.place(watermark, lastTimes);
    this.#arrivals.load(reader, keys);
    const readings = (): SortedReading[] =>
      Array.from({ length: reader.u32() }, () => {
        const key = reader.u32();
        const arrival = reader.f64();
        return { key, arrival, reading: readHeld(reader), isCarried: true };
      });
    this.#waiting = readings();
    for (const one of readings()) this.#ahead.set(one.key, one);
  }

  #arrive(one: SortedReading, passed: SortedReading[]): void {
    const guard = this.#arrivals;
    const { key } = one;
    const { timestamp } = one.reading;
    let verdict = guard.judge(key, timestamp);
    const ahead = this.#ahead.get(key);
    if (ahead !== undefined) {
      // every reading confirms or contradicts the one of its key that is ahead
      this.#ahead.delete(key);
      if (verdict === CONFIRMS) {
        this.#notice("confirmed", ahead);
        guard.release(key, timestamp);
        this.#enter(ahead, passed);
      } else {
        this.#notice("refused", ahead);
        guard.forget(key);
      }
      verdict = guard.judge(key, timestamp);
    }
    if (verdict === AGREES) {
      const other = this.#ahead.get(guard.agreeing) as SortedReading;
      this.#ahead.delete(other.key);
      this.#notice("confirmed", other);
      guard.outvoteStart(other.key);
      this.#enter(other, passed);
      verdict = guard.judge(key, timestamp);
    }
    if (verdict !== AHEAD) {
      this.#enter(one, passed);
      return;
    }
    this.#ahead.set(key, one);
    this.#notice("held", one);
  }

  /** A reading whose time is believed. */
  #enter(one: SortedReading, passed: SortedReading[]): void {
    if (one.reading.timestamp > this.watermark) passed.push(one);
    else this.#push(one);
  }

  #notice(kind: TimeNotice["kind"], { key, reading }: SortedReading): void {
    const { timestamp, row, source } = reading;
    this.#notices.push({ kind, key, timestamp, known: this.#arrivals.reach(key), row, source });
  }

  #pass(upTo: number, passed: SortedReading[]): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.reading.timestamp > upTo && this.#waiting.length <= MAX_WAITING) return;
      this.#pop();
      passed.push(next);
    }
  }

  #push(one: SortedReading): void {
    const heap = this.#waiting;
    let at = heap.length;
    heap.push(one);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(one, heap[parent] as SortedReading)) break;
      heap[at] = heap[parent] as SortedReading;
      at = parent;
    }
    heap[at] = one;
  }

  #pop(): void {
    const heap = this.#waiting;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as SortedReading)) child += 1;
      if (!isBefore(heap[child] as SortedReading, last)) break;
      heap[at] = heap[child] as SortedReading;
      at = child;
    }
    heap[at] = last;
  }
}

/** The rows of a batch as readings that do not wait to be sorted. */
export function rowsOf(batch: Batch): SortedReading[] {
  return Array.from({ length: batch.length }, (_, row) => ({
    key: batch.keys[row] as number,
    reading: holdRow(batch, row),
    arrival: row,
    isCarried: false,
  }));
}

function isBefore(a: SortedReading, b: SortedReading): boolean {
  const by = a.reading.timestamp - b.reading.timestamp;
  return by < 0 || (by === 0 && a.arrival < b.arrival);
}
