import type { Batch, SequencedBatch } from "../core/batch.ts";
import type { StateReader, StateWriter } from "../core/state-codec.ts";
import { RowDraft } from "./row-draft.ts";
import {
  AGREES,
  AHEAD,
  CONFIRMS,
  LATE,
  LEAD_CHANGES,
  MOVED,
  REPEATED,
  SET,
  TimeGuard,
} from "./time/time-guard.ts";
import type { TimeNotice } from "./time/time-notice.ts";
import { type HeldReading, holdRow, readHeld, writeHeld } from "./waiting/held-readings.ts";
import type { SortedReading } from "./waiting/sorter.ts";

/** Treatment of a reading that is older than the previous one of the same key. */
export type OutOfOrderPolicy = "process" | "drop";

/**
 * Holds readings whose time is not believable, numbers the readings of each key, keeps time from going back
 * within a key unless its clock was set, and stamps every row with the stream clock.
 *
 * Results do not depend on the size of batches.
 */
export class RowSequencer {
  readonly #policy: OutOfOrderPolicy;
  readonly #guard = new TimeGuard();
  #sequences = new Float64Array(64);
  #outOfOrder = 0;
  readonly #held = new Map<number, HeldReading>();
  #notices: TimeNotice[] = [];
  #changes = 0;
  /** Of the row that {@link #number} returned last. */
  #verdict = 0;
  /** Keys whose held reading is of the batch that is being accepted. */
  readonly #fresh = new Set<number>();

  constructor(policy: OutOfOrderPolicy) {
    this.#policy = policy;
  }

  /** Furthest jump ahead that needs no confirmation, ms; null: by the interval of each key. */
  set maxJump(ms: number | null) {
    this.#guard.maxJump = ms;
  }

  /** Number of readings older than the previous one of their key, including dropped ones. */
  get outOfOrder(): number {
    return this.#outOfOrder;
  }

  /** Largest believed event time so far, ms; -Infinity before the first row. */
  get watermark(): number {
    return this.#guard.common.watermark;
  }

  /** The larger of the watermark and the last tick, ms. */
  get now(): number {
    return this.#guard.common.now;
  }

  /** Stream clock minus watermark, ms. */
  get offset(): number {
    return this.#guard.common.offset;
  }

  /** Grows with changes of the state that pass no row. */
  get changes(): number {
    return this.#changes;
  }

  /** Returns what was found about times since the last call, in order, and forgets it. */
  takeNotices(): readonly TimeNotice[] {
    const notices = this.#notices;
    if (notices.length > 0) this.#notices = [];
    return notices;
  }

  /** Event time is known to be `now`, ms, without a reading: readings up to then are not jumps. */
  tick(now: number): void {
    this.#changes += 1;
    this.#guard.common.tick(now);
  }

  /** The input has ended: rejects the readings that still wait for their sensor's next one. */
  end(): void {
    for (const [key, held] of this.#held) {
      this.#notice("unconfirmed", key, held, this.#guard.reach(key));
      this.#guard.forget(key);
    }
    this.#held.clear();
  }

  /**
   * Takes the next rows. O(rows). Kept rows overwrite dropped ones. The result has further rows if held ones are
   * released.
   *
   * @param sorted The readings of the batch if they were sorted.
   */
  accept(batch: Batch, sorted: readonly SortedReading[] | null): SequencedBatch {
    const draft = new RowDraft(batch, this.offset, sorted);
    for (let row = this.#number(batch, draft, 0); row < batch.length; ) {
      this.#takeRare(batch, row, draft);
      row = this.#number(batch, draft, row + 1);
    }
    if (this.#fresh.size > 0) this.#fresh.clear();
    return draft.finish();
  }

  /** Numbers rows from `from` on and removes dropped ones. @returns First row with a rare verdict. */
  #number(batch: Batch, draft: RowDraft, from: number): number {
    const guard = this.#guard;
    for (let row = from; row < batch.length; row++) {
      const key = batch.keys[row] as number;
      const verdict = guard.judge(key, batch.timestamps[row] as number);
      if (verdict >= LATE) {
        if (verdict > LATE) {
          this.#verdict = verdict;
          return row;
        }
        this.#outOfOrder += 1;
        if (this.#policy === "drop") continue;
      }
      draft.keep(row, guard.eventTime, guard.common.clock, this.#next(key));
    }
    return batch.length;
  }

  /** Number of the next reading of a key. */
  #next(key: number): number {
    if (key >= this.#sequences.length) this.#grow(key);
    const sequence = this.#sequences[key] as number;
    this.#sequences[key] = sequence + 1;
    return sequence;
  }

  /** Takes a row with the rare verdict, and perhaps the held reading of its key before it. */
  #takeRare(batch: Batch, row: number, draft: RowDraft): void {
    const guard = this.#guard;
    const key = batch.keys[row] as number;
    const held = this.#held.get(key);
    if (held !== undefined) {
      // every reading confirms or contradicts the held one of its key
      if (this.#verdict === CONFIRMS) this.#release(key, held, batch, row, draft);
      else this.#refuse(key, held);
      this.#verdict = guard.judge(key, batch.timestamps[row] as number);
    }
    if (this.#verdict === AGREES) {
      const other = guard.agreeing;
      this.#release(other, this.#held.get(other) as HeldReading, batch, row, draft);
      this.#verdict = guard.judge(key, batch.timestamps[row] as number);
    }
    const reading = { ...holdRow(batch, row), source: draft.sourceOf(row) };
    if (this.#verdict === AHEAD) {
      this.#held.set(key, reading);
      if (!draft.isCarried(row)) this.#fresh.add(key);
      this.#changes += 1;
      this.#notice("held", key, reading, guard.reach(key));
      return;
    }
    if (this.#verdict === REPEATED) {
      this.#notice("hour_repeated", key, reading, guard.reach(key));
    }
    if (this.#verdict === LATE || this.#verdict === REPEATED) {
      this.#outOfOrder += 1;
      if (this.#policy === "drop") return;
    }
    this.#mark(key, reading, this.#verdict, draft);
    draft.keep(row, guard.eventTime, guard.common.clock, this.#next(key));
  }

  #release(key: number, held: HeldReading, batch: Batch, row: number, draft: RowDraft): void {
    const guard = this.#guard;
    const known = guard.reach(key);
    const isOther = key !== batch.keys[row];
    const verdict = isOther
      ? guard.outvoteStart(key)
      : guard.release(key, batch.timestamps[row] as number);
    this.#held.delete(key);
    this.#changes += 1;
    this.#notice("confirmed", key, held, known);
    if (!this.#fresh.delete(key)) draft.carry();
    this.#mark(key, held, verdict, draft);
    draft.release(held, key, row, guard.common.clock, this.#next(key));
  }

  #refuse(key: number, held: HeldReading): void {
    this.#notice("refused", key, held, this.#guard.reach(key));
    this.#held.delete(key);
    this.#changes += 1;
    this.#guard.forget(key);
  }

  /** Notes what is special about the row that is written next. */
  #mark(key: number, reading: HeldReading, verdict: number, draft: RowDraft): void {
    if (verdict === SET) {
      draft.restart();
      this.#notice("clock_set", key, reading, this.#guard.setFrom);
    }
    if (verdict === LEAD_CHANGES) {
      const kind = this.#guard.leads(key) ? "leads" : "follows";
      this.#notice(kind, key, reading, this.#guard.common.watermark);
    }
    if (verdict === SET || verdict === MOVED || verdict === LEAD_CHANGES) {
      draft.break(this.offset, reading.source);
    }
  }

  #notice(
    kind: TimeNotice["kind"],
    key: number,
    { timestamp, row, source }: HeldReading,
    known: number,
  ): void {
    this.#notices.push({ kind, key, timestamp, known, row, source });
  }

  /**
   * Writes the state of every key.
   *
   * @param keys Number of keys; codes are below it.
   */
  save(writer: StateWriter, keys: number): void {
    if (keys > this.#sequences.length) this.#grow(keys - 1);
    writer.u32(keys);
    writer.f64(this.#guard.common.watermark);
    writer.f64(this.#outOfOrder);
    writer.f64s(this.#guard.lastTimes(keys));
    writer.f64s(this.#sequences, 0, keys);
    this.#guard.save(writer, keys);
    writer.u32(this.#held.size);
    for (const [key, held] of this.#held) {
      writer.u32(key);
      writeHeld(writer, held);
    }
  }

  /**
   * Restores what {@link save} wrote, now or before readings could be held. For a new object with the same policy.
   *
   * @returns Number of keys.
   * @throws {RangeError} If the bytes end early.
   */
  load(reader: StateReader): number {
    const keys = reader.u32();
    if (keys * 16 > reader.remaining)
      throw new RangeError(`The bytes are too few for ${keys} keys`);
    if (keys > this.#sequences.length) this.#grow(keys - 1);
    const watermark = reader.f64();
    this.#outOfOrder = reader.f64();
    const lastTimes = new Float64Array(keys);
    reader.f64s(lastTimes);
    reader.f64s(this.#sequences, 0, keys);
    this.#guard.place(watermark, lastTimes);
    if (reader.remaining === 0) return keys;
    this.#guard.load(reader, keys);
    for (let left = reader.u32(); left > 0; left--) this.#held.set(reader.u32(), readHeld(reader));
    return keys;
  }

  #grow(key: number): void {
    const sequences = new Float64Array(Math.max(key + 1, this.#sequences.length * 2));
    sequences.set(this.#sequences);
    this.#sequences = sequences;
  }
}
