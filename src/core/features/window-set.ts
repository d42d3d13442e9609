import type { StateReader, StateWriter } from "../state-codec.ts";
import { OBJECT_BYTES } from "../units/object-bytes.ts";
import type { FixedState, GrowingState, RowBlock } from "./rolling-function.ts";
import type { FeatureSpec } from "./spec.ts";
import { CellReader, CellWriter } from "./state/cells.ts";
import { BLOCK_ROWS, maxTapeBytes, Tape } from "./window/tape.ts";
import { type PlannedFeature, type WindowGroup, WindowPlan } from "./window-plan.ts";

const NO_TIMES = new Float64Array(0);

/** The current rows. All sets share this object; every call overwrites it. */
const block: RowBlock = {
  samples: NO_TIMES,
  others: NO_TIMES,
  times: NO_TIMES,
  start: 0,
  count: 0,
  row: 0,
  held: 0,
  sizes: new Uint32Array(BLOCK_ROWS),
  readyFrom: 0,
};

/** All sets share these, too. */
const reader = new CellReader();
const writer = new CellWriter();

/**
 * The rolling features of one key: a tape with its newest rows, and the numbers of the states of all features.
 *
 * Processes blocks of rows column by column. Allocates nothing per row; the tape and some states grow
 * until the largest window is full.
 */
export class WindowSet {
  readonly #plan: WindowPlan;
  readonly #tape: Tape;
  /** States that only this key has. */
  readonly #own: readonly GrowingState[];
  #rowsSeen = 0;
  #firstTime = Number.NaN; // event time of the first row of the key, ms

  constructor(plan: WindowPlan) {
    this.#plan = plan;
    this.#tape = new Tape(plan.tracks, plan.maxKept, plan.numbers);
    this.#own = plan.createOwn();
  }

  /** Rows of the key so far. */
  get rowsSeen(): number {
    return this.#rowsSeen;
  }

  /** Approximate bytes in use. */
  get bytes(): number {
    return this.#own.reduce((sum, { bytes }) => sum + bytes, SET_BYTES + this.#tape.bytes);
  }

  /**
   * Adds rows and writes the features of row i to `out[feature][i]`, NaN without a result. The result
   * does not depend on how the rows are split into calls.
   *
   * @param times Event time of each row, ms; never decreases, across calls as well.
   * @param columns One array per column of the plan; NaN is missing, infinities are not allowed.
   * @param n Rows to take from the start of each array.
   * @param out Shape `[features][>= n]`.
   */
  apply(
    times: Float64Array,
    columns: readonly Float64Array[],
    n: number,
    out: readonly Float64Array[],
  ): void {
    if (n > 0 && this.#rowsSeen === 0) this.#firstTime = times[0] as number;
    for (let offset = 0; offset < n; offset += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, n - offset);
      this.#write(times, columns, offset, count);
      for (let g = 0; g < this.#plan.groups.length; g++) {
        const group = this.#plan.groups[g] as WindowGroup;
        this.#advance(group, g);
        this.#applyGroup(group, out, offset);
      }
      this.#rowsSeen += count;
    }
  }

  /** Writes the rows of the windows, and the states. */
  save(writer: StateWriter): void {
    const { features, groups } = this.#plan;
    writer.u32(features.length + (this.#hasLast ? WITH_LAST : 0));
    writer.u32(groups.length);
    writer.f64(this.#rowsSeen);
    writer.f64(this.#firstTime);
    this.#tape.save(writer, this.#kept());
    for (const g of groups.keys()) writer.u32(this.#tape.numbers[g] as number);
    for (const feature of features) {
      if (feature.fixed !== null) this.#take(feature.at, feature.fixed).save(writer);
      else (this.#own[feature.at] as GrowingState).save(writer);
    }
    for (const { fixed, at } of features) {
      if (fixed?.last) this.#take(at, fixed).last?.save(writer);
    }
  }

  /**
   * Restores saved state into a fresh set with the same specs.
   *
   * @throws {RangeError} If the saved state has another shape or ends early; the set is then unusable.
   */
  load(reader: StateReader): void {
    const plan = this.#plan;
    const counted = reader.u32();
    // earlier versions knew values of the windows only
    const hasLast = counted >= WITH_LAST;
    const features = hasLast ? counted - WITH_LAST : counted;
    const groups = reader.u32();
    if (features !== plan.features.length || groups !== plan.groups.length) {
      throw new RangeError(
        `Saved state of ${features} features on ${groups} windows does not fit ` +
          `${plan.features.length} on ${plan.groups.length}`,
      );
    }
    this.#rowsSeen = reader.f64();
    this.#firstTime = reader.f64();
    const kept = this.#tape.load(reader);
    for (const [g, { extent }] of plan.groups.entries()) {
      this.#tape.numbers[g] = extent.checked(reader.u32(), kept);
    }
    for (const { fixed, at } of plan.features) {
      if (fixed === null) (this.#own[at] as GrowingState).load(reader);
      else {
        this.#take(at, fixed).load(reader);
        this.#put(at, fixed);
      }
    }
    if (!hasLast) return;
    for (const { fixed, at } of plan.features) {
      if (!fixed?.last) continue;
      this.#take(at, fixed).last?.load(reader);
      this.#put(at, fixed);
    }
  }

  /** Whether a feature keeps a value that may be older than its window. */
  get #hasLast(): boolean {
    return this.#plan.features.some(({ fixed }) => fixed?.last !== undefined);
  }

  /** Number of past rows in the largest window. */
  #kept(): number {
    const { numbers } = this.#tape;
    let kept = 0;
    for (let g = 0; g < this.#plan.groups.length; g++) kept = Math.max(kept, numbers[g] as number);
    return kept;
  }

  #write(
    times: Float64Array,
    columns: readonly Float64Array[],
    offset: number,
    count: number,
  ): void {
    const tape = this.#tape;
    const plan = this.#plan;
    const start = tape.extend(this.#kept(), count);
    for (let track = 0; track < plan.columns.length; track++) {
      const source = columns[plan.columns[track] as number] as Float64Array;
      tape.write(track, start, source, offset, count);
    }
    if (plan.timeTrack >= 0) tape.write(plan.timeTrack, start, times, offset, count);
    block.start = start;
    block.count = count;
    block.row = this.#rowsSeen;
    block.times = plan.timeTrack < 0 ? NO_TIMES : tape.track(plan.timeTrack);
  }

  /** Lets the new rows enter the window of the group with this index. */
  #advance({ extent }: WindowGroup, g: number): void {
    const { numbers } = this.#tape;
    numbers[g] = extent.advance(block, numbers[g] as number, this.#firstTime);
  }

  #applyGroup({ features }: WindowGroup, out: readonly Float64Array[], offset: number): void {
    for (let f = 0; f < features.length; f++) {
      const { index, track, otherTrack, fixed, at } = features[f] as PlannedFeature;
      block.samples = this.#tape.track(track);
      block.others = this.#tape.track(otherTrack);
      const column = out[index] as Float64Array;
      if (fixed === null) (this.#own[at] as GrowingState).apply(block, column, offset);
      else {
        this.#take(at, fixed).apply(block, column, offset);
        this.#put(at, fixed);
      }
    }
  }

  /** Loads the numbers of this key into the state that all keys share. */
  #take(at: number, state: FixedState): FixedState {
    reader.move(this.#tape.numbers, at);
    state.load(reader);
    state.last?.load(reader);
    return state;
  }

  /** Keeps the numbers of the state. */
  #put(at: number, state: FixedState): void {
    writer.move(this.#tape.numbers, at);
    state.save(writer);
    state.last?.save(writer);
  }
}

/** Added to the number of features in a saved state with last values. */
const WITH_LAST = 2 ** 31;

/** Bytes of the objects of a set, about. */
const SET_BYTES = 2 * OBJECT_BYTES;

/** Approximate bytes of one key with all windows full; arguments as for {@link WindowPlan}. */
export function predictWindowBytes(
  specs: readonly FeatureSpec[],
  columnCount: number,
  maxWindowRows: number,
): number {
  const plan = new WindowPlan(specs, columnCount, maxWindowRows);
  return plan
    .createOwn()
    .reduce(
      (sum, { maxBytes }) => sum + maxBytes,
      SET_BYTES + maxTapeBytes(plan.tracks, plan.maxKept, plan.numbers.length),
    );
}
