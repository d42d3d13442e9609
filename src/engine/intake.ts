import type { Batch, SequencedBatch } from "../core/batch.ts";
import type { PlausibleRange } from "../core/plausibility.ts";
import type { StateReader, StateWriter } from "../core/state-codec.ts";
import { type OutOfOrderPolicy, RowSequencer } from "./row-sequencer.ts";
import type { TimeNotice } from "./time/time-notice.ts";
import type { ValueNotice } from "./values/value-notice.ts";
import { ValueWatch } from "./values/value-watch.ts";
import { batchOfHeld } from "./waiting/held-readings.ts";
import { Joiner } from "./waiting/joiner.ts";
import { rowsOf, type SortedReading, Sorter } from "./waiting/sorter.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Ticks in the time of a jump. */
const TICKS = 24;

/** Settings of an {@link Intake}. */
export interface IntakeOptions {
  readonly outOfOrder: OutOfOrderPolicy;
  /** Values outside these ranges become NaN before the engine and the buffer see them. */
  readonly ranges?: readonly PlausibleRange[];
  /** As {@link Intake.maxJump}; null by default. */
  readonly maxJump?: number | null;
  /** As {@link Intake.lateness}; 0 by default. */
  readonly lateness?: number;
  /** As {@link Intake.join}; false by default. */
  readonly join?: boolean;
}

/**
 * Prepares readings for the engine: sorts rows by time and joins those of one reading if asked to, sequences
 * readings, see {@link RowSequencer}, and replaces implausible values with NaN, see {@link ValueWatch}.
 *
 * Results do not depend on the size of batches.
 */
export class Intake {
  readonly #values: ValueWatch;
  readonly #sequencer: RowSequencer;
  /** Null: readings are not sorted. */
  #sorter: Sorter | null = null;
  /** Null: each row is a reading. */
  #joiner: Joiner | null = null;
  #maxJump: number | null = null;
  #waited = 0;

  constructor({
    outOfOrder,
    ranges = [],
    maxJump = null,
    lateness = 0,
    join = false,
  }: IntakeOptions) {
    this.#values = new ValueWatch(ranges);
    this.#sequencer = new RowSequencer(outOfOrder);
    this.maxJump = maxJump;
    this.lateness = lateness;
    this.join = join;
  }

  /** Values outside these ranges become NaN before the engine and the buffer see them. */
  set ranges(ranges: readonly PlausibleRange[]) {
    this.#values.ranges = ranges;
  }

  /** Furthest jump ahead that needs no confirmation, ms; null: by the interval of each key. */
  set maxJump(ms: number | null) {
    this.#maxJump = ms;
    this.#sequencer.maxJump = ms;
    if (this.#sorter !== null) this.#sorter.maxJump = ms;
  }

  /** How long readings wait to be sorted, ms of event time; 0: not at all. */
  set lateness(ms: number) {
    if (this.#sorter !== null) this.#sorter.lateness = ms;
    else if (ms > 0) this.#sorter = this.#newSorter(ms);
  }

  /** Whether rows of one sensor with the same time that complement each other are one reading. */
  set join(isOn: boolean) {
    if (isOn) this.#joiner ??= new Joiner();
    if (this.#joiner !== null) this.#joiner.isOn = isOn;
  }

  /** Number of readings older than the previous one of their key, including dropped ones. */
  get outOfOrder(): number {
    return this.#sequencer.outOfOrder;
  }

  /** Largest believed event time so far, ms; -Infinity before the first row. */
  get watermark(): number {
    return this.#sorter?.watermark ?? this.#sequencer.watermark;
  }

  /** Event time that is known, with or without a reading, ms: the larger of the watermark and the last tick. */
  get now(): number {
    return this.#sorter?.now ?? this.#sequencer.now;
  }

  /**
   * Event time at which to tick although nothing is due, ms, so that a reading after quiet days is not a jump;
   * Infinity before the first row.
   */
  get nextTick(): number {
    const { now } = this;
    if (now === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const step = (this.#maxJump ?? DAY_MS) / TICKS;
    return now + Math.max(MINUTE_MS, Math.min(step, DAY_MS / TICKS));
  }

  /** Stream clock of the engine minus the watermark of the rows that have passed, ms. */
  get offset(): number {
    return this.#sequencer.offset;
  }

  /** Stream clock of the engine minus event time, ms: {@link offset}, less the time that readings wait. */
  get engineOffset(): number {
    return this.offset - (this.#sorter?.lateness ?? 0);
  }

  /** Event time at which a waiting reading passes, ms; Infinity: none waits. */
  get deadline(): number {
    const sorted = this.#sorter?.deadline ?? Number.POSITIVE_INFINITY;
    return Math.min(sorted, this.#joiner?.deadline ?? Number.POSITIVE_INFINITY);
  }

  /** Grows with changes of the state that pass no row: readings that wait, are held or refused, and ticks. */
  get changes(): number {
    return this.#sequencer.changes + this.#waited;
  }

  /** Returns what was found about times since the last call, in order, and forgets it. */
  takeNotices(): readonly TimeNotice[] {
    const notices = this.#sequencer.takeNotices();
    return this.#sorter === null ? notices : [...this.#sorter.takeNotices(), ...notices];
  }

  /** Returns what was found about values since the last call, in order, and forgets it. */
  takeValueNotices(): readonly ValueNotice[] {
    return this.#values.takeNotices();
  }

  /**
   * Event time is known to be `now`, ms, without a reading: readings up to then are not jumps.
   *
   * @returns Rows that have waited long enough; null: none.
   */
  tick(now: number): SequencedBatch | null {
    const known = now - (this.#sorter?.lateness ?? 0);
    this.#sequencer.tick(known);
    return this.#acceptWaiting(this.#sorter?.tick(now) ?? [], known);
  }

  /**
   * Nothing was received up to event time `to`, ms. Parts of a reading still wait: the others may follow.
   *
   * @returns All rows that waited to be sorted; null: none.
   */
  pause(to: number): SequencedBatch | null {
    this.#waited += 1;
    const rows = this.#acceptWaiting(this.#sorter?.flush() ?? [], Number.NEGATIVE_INFINITY);
    this.#sequencer.tick(to);
    this.#sorter?.tick(to);
    return rows;
  }

  /** Passes all readings that wait to be sorted or joined: nothing older comes. @returns Null: none. */
  flush(): SequencedBatch | null {
    this.#waited += 1;
    return this.#acceptWaiting(this.#sorter?.flush() ?? [], Number.POSITIVE_INFINITY);
  }

  /** The input has ended: rejects the readings that still wait for their sensor's next one. */
  end(): void {
    this.#sorter?.end();
    this.#sequencer.end();
  }

  /**
   * Takes the next rows. O(rows). Changes the columns of the batch in place: kept rows overwrite dropped ones, and
   * implausible values become NaN. The result has further rows if held ones are released.
   */
  accept(batch: Batch): SequencedBatch {
    if (this.#sorter === null && this.#joiner === null) {
      return this.#pass(this.#sequencer.accept(batch, null));
    }
    this.#waited += batch.length;
    const rows = this.#sorter?.take(batch) ?? rowsOf(batch);
    const passed = this.#acceptReadings(this.#joiner?.take(rows) ?? rows);
    return passed ?? this.#sequencer.accept({ ...batch, length: 0 }, null);
  }

  /**
   * Writes the state of every key.
   *
   * @param keys Number of keys; codes are below it.
   */
  save(writer: StateWriter, keys: number): void {
    this.#sequencer.save(writer, keys);
    writer.bool(this.#sorter !== null);
    this.#sorter?.save(writer, keys);
    writer.bool(this.#joiner !== null);
    this.#joiner?.save(writer);
  }

  /**
   * Restores what {@link save} wrote, now or before readings could be held. For a new intake with the same options.
   *
   * @throws {RangeError} If the bytes end early.
   */
  load(reader: StateReader): void {
    const keys = this.#sequencer.load(reader);
    if (reader.remaining > 0 && reader.bool()) {
      this.#sorter ??= this.#newSorter(0);
      this.#sorter.load(reader, keys);
    }
    // earlier versions joined nothing
    if (reader.remaining > 0 && reader.bool()) {
      this.#joiner ??= new Joiner();
      this.#joiner.load(reader);
    }
  }

  /** Takes the rows that the engine gets. */
  #pass(rows: SequencedBatch): SequencedBatch {
    this.#values.take(rows);
    return rows;
  }

  /** @param sorted Rows that have waited to be sorted. @param now Event time that is known, ms. */
  #acceptWaiting(sorted: readonly SortedReading[], now: number): SequencedBatch | null {
    if (this.#joiner === null) return this.#acceptReadings(sorted);
    return this.#acceptReadings([...this.#joiner.take(sorted), ...this.#joiner.tick(now)]);
  }

  #acceptReadings(readings: readonly SortedReading[]): SequencedBatch | null {
    if (readings.length === 0) return null;
    return this.#pass(this.#sequencer.accept(batchOfHeld(readings), readings));
  }

  /** State of the values of every key, which changes less often. */
  get values(): Pick<ValueWatch, "changes" | "save" | "load"> {
    return this.#values;
  }

  #newSorter(lateness: number): Sorter {
    const sorter = new Sorter(lateness);
    sorter.maxJump = this.#maxJump;
    return sorter;
  }
}
