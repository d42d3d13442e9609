import { setUpFeature } from "./feature-setup.ts";
import { type FixedState, type GrowingState, isGrowing } from "./rolling-function.ts";
import type { FeatureSpec } from "./spec.ts";
import { numbersOf } from "./state/cells.ts";
import { WindowExtent } from "./window/window-extent.ts";

/** One feature: where it reads and writes, and its state. */
export interface PlannedFeature {
  /** Index into the features of the set. */
  readonly index: number;
  /** Tracks of the tape. */
  readonly track: number;
  readonly otherTrack: number;
  /** The state with which all keys take turns; null: each key has its own. */
  readonly fixed: FixedState | null;
  /** Where its numbers begin among those of a key; of a key's own state, its index among them. */
  readonly at: number;
}

/** Features with the same window. */
export interface WindowGroup {
  readonly extent: WindowExtent;
  readonly features: readonly PlannedFeature[];
}

/**
 * The rolling features of all keys: what does not depend on the key. A key has numbers, of which the first tell how many
 * rows each group's window holds.
 */
export class WindowPlan {
  readonly groups: readonly WindowGroup[];
  /** In the order of the specs. */
  readonly features: readonly PlannedFeature[];
  /** Index into `Batch.columns` for each track of the tape. */
  readonly columns: readonly number[];
  /** Track of event times; -1 when no feature needs them. */
  readonly timeTrack: number;
  /** Maximum number of past rows that a window needs. */
  readonly maxKept: number;
  /** The numbers of a key without rows. */
  readonly numbers: Float64Array;
  readonly #create: readonly (() => GrowingState)[];

  /**
   * @param specs Features, in the order of the output.
   * @param columnCount Number of columns of the rows.
   * @param maxWindowRows Maximum number of rows in a duration window.
   * @throws {RangeError} If a spec does not fit its function or the columns.
   */
  constructor(specs: readonly FeatureSpec[], columnCount: number, maxWindowRows: number) {
    this.columns = [
      ...new Set(
        specs.flatMap(({ column, other }) => (other === null ? [column] : [column, other])),
      ),
    ];
    const setups = specs.map((spec) => setUpFeature(spec, columnCount, maxWindowRows));
    const names = setups.map(({ window }) => JSON.stringify(window));
    const windows = [...new Set(names)];
    const numbers: number[] = windows.map(() => 0);
    const create: (() => GrowingState)[] = [];
    this.features = setups.map((setup, index) => {
      const { column, other } = specs[index] as FeatureSpec;
      const track = this.columns.indexOf(column);
      const otherTrack = this.columns.indexOf(other ?? column);
      const state = setup.create();
      if (isGrowing(state)) {
        create.push(setup.create as () => GrowingState);
        return { index, track, otherTrack, fixed: null, at: create.length - 1 };
      }
      const at = numbers.length;
      numbers.push(...numbersOf(state), ...(state.last ? numbersOf(state.last) : []));
      return { index, track, otherTrack, fixed: state, at };
    });
    this.#create = create;
    this.numbers = Float64Array.from(numbers);
    this.groups = windows.map((name) => ({
      extent: new WindowExtent(
        (setups[names.indexOf(name)] as (typeof setups)[number]).window,
        maxWindowRows,
      ),
      features: this.features.filter((_, index) => names[index] === name),
    }));
    this.timeTrack = setups.some(({ times }) => times) ? this.columns.length : -1;
    this.maxKept = this.groups.reduce((most, { extent }) => Math.max(most, extent.maxRows), 0);
  }

  /** Number of tracks of a tape. */
  get tracks(): number {
    return this.columns.length + (this.timeTrack < 0 ? 0 : 1);
  }

  /** Creates the states that each key has of its own. */
  createOwn(): readonly GrowingState[] {
    return this.#create.map((create) => create());
  }
}
