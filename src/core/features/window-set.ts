import type { StateReader, StateWriter } from "../state-codec.ts";
import { OBJECT_BYTES } from "../units/object-bytes.ts";
import { setUpFeature } from "./feature-setup.ts";
import type { RollingState, RowBlock } from "./rolling-function.ts";
import type { FeatureSpec } from "./spec.ts";
import { BLOCK_ROWS, Tape } from "./window/tape.ts";
import { WindowExtent } from "./window/window-extent.ts";

/** One feature: where it reads and writes, and its state. */
interface ActiveFeature {
  /** Index into the features of the set. */
  readonly index: number;
  /** Tracks of the tape. */
  readonly track: number;
  readonly otherTrack: number;
  readonly state: RollingState;
}

/** Features with the same window. */
interface WindowGroup {
  readonly extent: WindowExtent;
  readonly features: ActiveFeature[];
}

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

/**
 * The rolling features of one key: a tape with its newest rows, a window for each window length, a
 * state for each feature.
 *
 * Processes blocks of rows column by column. Allocates nothing per row; the tape and some states grow
 * until the largest window is full.
 */
export class WindowSet {
  readonly #groups: readonly WindowGroup[];
  /** In the order of the specs. */
  readonly #states: RollingState[] = [];
  /** Index into `Batch.columns` for each track of the tape. */
  readonly #columns: number[];
  /** Track of event times; -1 when no feature needs them. */
  readonly #timeTrack: number;
  readonly #tape: Tape;
  #rowsSeen = 0;
  #firstTime = Number.NaN; // event time of the first row of the key, ms

  /**
   * @param specs Features, in the order of the output.
   * @param columnCount Length of the `columns` given to {@link apply}.
   * @param maxWindowRows Maximum number of rows in a duration window.
   * @throws {RangeError} If a spec does not fit its function or the columns.
   */
  constructor(specs: readonly FeatureSpec[], columnCount: number, maxWindowRows: number) {
    this.#columns = [
      ...new Set(
        specs.flatMap(({ column, other }) => (other === null ? [column] : [column, other])),
      ),
    ];
    const groups = new Map<string, WindowGroup>();
    let times = false;
    for (const [index, spec] of specs.entries()) {
      const setup = setUpFeature(spec, columnCount, maxWindowRows);
      const { window, state } = setup;
      times ||= setup.times;
      const id = window.kind === "rows" ? `${window.rows}` : `${window.ms}ms`;
      const extent = groups.get(id)?.extent ?? new WindowExtent(window, maxWindowRows);
      const features = groups.get(id)?.features ?? [];
      groups.set(id, { extent, features });
      const track = this.#columns.indexOf(spec.column);
      const otherTrack = this.#columns.indexOf(spec.other ?? spec.column);
      features.push({ index, track, otherTrack, state });
      this.#states.push(state);
    }
    this.#groups = [...groups.values()];
    this.#timeTrack = times ? this.#columns.length : -1;
    this.#tape = new Tape(
      this.#columns.length + (this.#timeTrack < 0 ? 0 : 1),
      this.#groups.reduce((most, { extent }) => Math.max(most, extent.maxRows), 0),
    );
  }

  /** Rows of the key so far. */
  get rowsSeen(): number {
    return this.#rowsSeen;
  }

  /** Approximate bytes in use. */
  get bytes(): number {
    return this.#sum(this.#tape.bytes, (state) => state.bytes);
  }

  /** Approximate bytes with all windows full. */
  get maxBytes(): number {
    return this.#sum(this.#tape.maxBytes, (state) => state.maxBytes);
  }

  /**
   * Adds rows and writes the features of row i to `out[feature][i]`, NaN without a result. The result
   * does not depend on how the rows are split into calls.
   *
   * @param times Event time of each row, ms; never decreases, across calls as well.
   * @param columns One array per column; NaN is missing, infinities are not allowed.
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
      for (const group of this.#groups) this.#applyGroup(group, out, offset);
      this.#rowsSeen += count;
    }
  }

  /** Writes the rows of the windows, and the states. */
  save(writer: StateWriter): void {
    writer.u32(this.#states.length + (this.#hasLast ? WITH_LAST : 0));
    writer.u32(this.#groups.length);
    writer.f64(this.#rowsSeen);
    writer.f64(this.#firstTime);
    this.#tape.save(writer, this.#kept());
    for (const { extent } of this.#groups) extent.save(writer);
    for (const state of this.#states) state.save(writer);
    for (const { last } of this.#states) last?.save(writer);
  }

  /**
   * Restores saved state into a fresh set with the same specs.
   *
   * @throws {RangeError} If the saved state has another shape or ends early; the set is then unusable.
   */
  load(reader: StateReader): void {
    const counted = reader.u32();
    // earlier versions knew values of the windows only
    const hasLast = counted >= WITH_LAST;
    const features = hasLast ? counted - WITH_LAST : counted;
    const groups = reader.u32();
    if (features !== this.#states.length || groups !== this.#groups.length) {
      throw new RangeError(
        `Saved state of ${features} features on ${groups} windows does not fit ` +
          `${this.#states.length} on ${this.#groups.length}`,
      );
    }
    this.#rowsSeen = reader.f64();
    this.#firstTime = reader.f64();
    const kept = this.#tape.load(reader);
    for (const { extent } of this.#groups) extent.load(reader, kept);
    for (const state of this.#states) state.load(reader);
    if (hasLast) for (const { last } of this.#states) last?.load(reader);
  }

  /** Whether a feature keeps a value that may be older than its window. */
  get #hasLast(): boolean {
    return this.#states.some(({ last }) => last !== undefined);
  }

  /** Number of past rows in the largest window. */
  #kept(): number {
    let kept = 0;
    for (const { extent } of this.#groups) kept = Math.max(kept, extent.held);
    return kept;
  }

  #write(
    times: Float64Array,
    columns: readonly Float64Array[],
    offset: number,
    count: number,
  ): void {
    const tape = this.#tape;
    const start = tape.extend(this.#kept(), count);
    for (let track = 0; track < this.#columns.length; track++) {
      const source = columns[this.#columns[track] as number] as Float64Array;
      tape.write(track, start, source, offset, count);
    }
    if (this.#timeTrack >= 0) tape.write(this.#timeTrack, start, times, offset, count);
    block.start = start;
    block.count = count;
    block.row = this.#rowsSeen;
    block.times = this.#timeTrack < 0 ? NO_TIMES : tape.track(this.#timeTrack);
  }

  #applyGroup(group: WindowGroup, out: readonly Float64Array[], offset: number): void {
    group.extent.advance(block, this.#firstTime);
    for (const feature of group.features) {
      block.samples = this.#tape.track(feature.track);
      block.others = this.#tape.track(feature.otherTrack);
      feature.state.apply(block, out[feature.index] as Float64Array, offset);
    }
  }

  #sum(tape: number, bytesOf: (state: RollingState) => number): number {
    // the objects of a feature: its entry in the set and its `MinPeriods`
    const states = this.#states.map((state) => bytesOf(state) + 2 * OBJECT_BYTES);
    return states.reduce((a, b) => a + b, tape + (2 + this.#groups.length) * OBJECT_BYTES);
  }
}

/** Added to the number of features in a saved state with last values. */
const WITH_LAST = 2 ** 31;

/** Approximate bytes of one key with all windows full; arguments as for {@link WindowSet}. */
export function predictWindowBytes(
  specs: readonly FeatureSpec[],
  columnCount: number,
  maxWindowRows: number,
): number {
  return new WindowSet(specs, columnCount, maxWindowRows).maxBytes;
}
