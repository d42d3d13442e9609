import type { Episode } from "../core/alerts/alert-event.ts";
import { firstAfter, firstAtLeast, type SequencedBatch } from "../core/batch.ts";
import type { Detector, Explanation, ScoreColumns } from "../core/detectors/detector.ts";
import type { KeyTable } from "../core/key-table.ts";
import { StateWriter } from "../core/state-codec.ts";
import { createOutputColumns, type EngineOutput, type OutputColumns } from "./engine-output.ts";
import { copyDetector } from "./evaluation/create-evaluation.ts";
import type { DetectorStatus, RowOf } from "./evaluation/evaluation.ts";
import { allInOrder, type Decisions, EventQueue } from "./event-queue.ts";
import { applyAcrossSteps, type RowStep } from "./keys/clock-steps.ts";
import { createCommon, type KeyCommon } from "./keys/key-common.ts";
import { KeyGroups, type Shard } from "./keys/key-groups.ts";
import { type LazyLoad, largePartNames, type ReportLost } from "./keys/key-models.ts";
import { KeyState } from "./keys/key-state.ts";
import type { SavedPart, Versions } from "./keys/snapshot-parts.ts";
import { createWorkspace, type Workspace } from "./keys/workspace.ts";
import type { DetectorPlan, EnginePlan } from "./plan.ts";

/** Time of an observation that is not in the stream. */
const NO_TIME = Float64Array.of(Number.NaN);

/**
 * The deterministic engine: takes readings in order, returns scores and alert events.
 * The same readings give the same output in batches of any size, with or without {@link snapshot} and
 * {@link restore} between them.
 */
export class Engine {
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #states: KeyState[] = []; // by key code; may have holes
  readonly #groups: KeyGroups;
  readonly #queue = new EventQueue();
  readonly #common: KeyCommon;
  /** Next deadline by key code; Infinity: none. */
  #deadlines = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  /** By key code: row after the key's last one in the current batch; 0 between batches. */
  #done = new Uint32Array(64);
  /** Reused by {@link snapshot}, which may run thousands of times a minute. */
  readonly #writer = new StateWriter();
  /** Names of the parts that can wait; null: no key was restored so far. */
  #largeNames: ReadonlySet<string> | null = null;
  #steps: RowStep[] = [];
  #work: Workspace;
  #outputs: readonly [OutputColumns, OutputColumns];

  /**
   * @param keys Names of the key codes in batches; alert ids contain them.
   * @param shard Keys that this engine runs; it skips rows of others.
   */
  constructor(
    plan: EnginePlan,
    keys: KeyTable,
    shard: Shard = { index: 0, owners: new Uint8Array(1) },
  ) {
    this.#plan = plan;
    this.#keys = keys;
    this.#common = createCommon(plan);
    this.#groups = new KeyGroups(shard);
    this.#work = createWorkspace(plan, 0);
    this.#outputs = [createOutputColumns(plan, 0), createOutputColumns(plan, 0)];
  }

  /** Memory of the windows and models of all keys, in bytes. */
  get bytes(): number {
    return this.#states.reduce((sum, state) => sum + state.bytes, 0);
  }

  /** Readings dropped as repeated, and readings missing from the sequence. */
  get sequence(): { readonly repeated: number; readonly missed: number } {
    const sum = { repeated: 0, missed: 0 };
    for (const { repeated, missed } of this.#states.filter((state) => state !== undefined)) {
      sum.repeated += repeated;
      sum.missed += missed;
    }
    return sum;
  }

  /** The clocks that were set in the last batch. */
  get steps(): readonly RowStep[] {
    return this.#steps;
  }

  /** How far the clock of a key was set forward in all, ms. */
  setBy(key: number): number {
    return this.#states[key]?.setBy ?? 0;
  }

  /** Takes the rows of a key so far as rows before its clock was set forward by `ms`. */
  shift(key: number, ms: number): void {
    this.#states[key]?.shift(ms);
  }

  /** Runs the next rows. The next call but one overwrites the arrays of the result. */
  apply(batch: SequencedBatch): EngineOutput {
    const output = this.#nextOutput(batch.length);
    const decisions = this.run(batch, output);
    const { scores, features } = output;
    return { length: batch.length, scores, features, ...allInOrder(decisions) };
  }

  /**
   * Runs the next rows, for callers that merge the output of several engines.
   *
   * @param output Receives the rows of this engine's keys; has room for the whole batch.
   */
  run(batch: SequencedBatch, output: OutputColumns): Decisions {
    this.#groups.group(batch);
    if (this.#steps.length > 0) this.#steps = [];
    this.#reserve(this.#groups.largest);
    const { keys, rows } = this.#groups;
    for (let g = 0; g < keys.length; g++) {
      const key = keys[g] as number;
      const [from, to] = [this.#groups.end(g - 1), this.#groups.end(g)];
      const state = this.#state(key);
      if (batch.restarts.length === 0) {
        state.apply(batch, rows, from, to, this.#work, output, this.#queue);
      } else {
        const apply = (start: number, end: number): void =>
          state.apply(batch, rows, start, end, this.#work, output, this.#queue);
        this.#steps.push(
          ...applyAcrossSteps(state, batch, rows.subarray(from, to), from, apply, this.#queue),
        );
      }
      this.#deadlines[key] = state.deadline;
      this.#done[key] = (rows[to - 1] as number) + 1;
    }
    if (batch.length > 0) {
      const watermark = batch.watermarks[batch.length - 1] as number;
      this.#tick(watermark, (deadline, isAfter) =>
        isAfter ? firstAfter(batch, deadline) : firstAtLeast(batch, deadline),
      );
    }
    for (const key of keys) this.#done[key] = 0;
    return this.#queue.drain();
  }

  /** Earliest deadline, stream clock in ms; Infinity: none. O(keys). */
  get deadline(): number {
    return this.#deadlines.reduce((next, deadline) => Math.min(next, deadline));
  }

  /** Advances the stream clock to `now` without a reading, and runs the deadlines up to it. */
  tick(now: number): Decisions {
    this.#tick(now, () => 0);
    return this.#queue.drain();
  }

  /**
   * Excludes the stream clock `from` up to `to`, ms, from silence: the program did not run, or the clock was set.
   * Overlapping intervals count once. O(keys).
   */
  pause(from: number, to: number): void {
    for (let key = 0; key < this.#states.length; key++) {
      const state = this.#states[key];
      if (state === undefined) continue;
      state.excuse(from, to);
      this.#deadlines[key] = state.deadline;
    }
  }

  /**
   * Lets a detector learn from values outside the stream. Windows and alerts of the key are unaffected.
   *
   * @param inputs One value for each input of the detector.
   * @param out Receives the scores at row 0.
   * @throws {RangeError} If the detector does not score readings; also thrown by the next two methods.
   */
  observe(key: number, detector: number, inputs: readonly Float64Array[], out: ScoreColumns): void {
    this.#scoring(key, detector).observe(inputs, 0, out, NO_TIME);
  }

  /** Scores and explains values without learning from them. */
  scoreWithoutLearning(
    key: number,
    detector: number,
    inputs: readonly Float64Array[],
    out: ScoreColumns,
  ): Explanation {
    const plan = this.#plan.detectors[detector] as DetectorPlan;
    const own = this.#scoring(key, detector);
    const twin = own.copyForScoring?.() ?? copyDetector(own, plan);
    twin.observe(inputs, 0, out, NO_TIME);
    return twin.explain(inputs, 0);
  }

  /**
   * Explains the last observation of a detector. Not for an observation before a restore.
   *
   * @param inputs Values of that observation.
   */
  explain(key: number, detector: number, inputs: readonly Float64Array[]): Explanation {
    return this.#scoring(key, detector).explain(inputs, 0);
  }

  /** Open episodes, by key, then detector. */
  openEpisodes(): Episode[] {
    return this.#states.flatMap((state) => state.openEpisodes());
  }

  /** Status of a key's detectors; null for a key without readings. */
  peek(key: number): readonly DetectorStatus[] | null {
    return this.#states[key]?.status() ?? null;
  }

  /**
   * Saves a key's state as parts.
   *
   * @param saved Versions of saved parts, by name. Unchanged parts are left out.
   */
  snapshot(key: number, saved: Versions = new Map()): SavedPart[] {
    return this.#states[key]?.save(saved, this.#writer) ?? [];
  }

  /**
   * Restores a key from saved parts. A unit with a missing part starts empty.
   *
   * @param report With it, windows and models wait as saved parts until a reading or a score call needs them: it
   * receives the error if they do not fit then. Their parts must have their versions.
   * @throws {IotmonError} `ERR_STATE` if a part that does not wait does not fit the plan or is damaged.
   */
  restore(key: number, saved: readonly SavedPart[], report: ReportLost | null = null): void {
    const state = this.#create(key);
    let lazy: LazyLoad | null = null;
    if (report !== null) {
      this.#largeNames ??= largePartNames(this.#plan);
      lazy = { names: this.#largeNames, report };
    }
    state.load(saved, lazy);
    this.#put(key, state);
  }

  #scoring(key: number, index: number): Detector {
    const detector = this.#state(key).detector(index);
    if (!("observe" in detector)) throw new RangeError(`Detector ${index} does not score readings`);
    return detector;
  }

  #tick(now: number, position: RowOf): void {
    for (let key = 0; key < this.#states.length; key++) {
      if ((this.#deadlines[key] as number) > now) continue;
      const state = this.#states[key] as KeyState;
      // an event that a row of the key caused comes after that row, however early it is due
      const done = this.#done[key] as number;
      state.tick(
        now,
        (deadline, isAfter) => Math.max(done, position(deadline, isAfter)),
        this.#queue,
      );
      this.#deadlines[key] = state.deadline;
    }
  }

  #state(key: number): KeyState {
    const known = this.#states[key];
    if (known) return known;
    const state = this.#create(key);
    this.#put(key, state);
    return state;
  }

  #create(key: number): KeyState {
    return new KeyState(this.#plan, key, this.#keys.name(key), this.#common);
  }

  #put(key: number, state: KeyState): void {
    if (key >= this.#deadlines.length) {
      const size = Math.max(key + 1, this.#deadlines.length * 2);
      const deadlines = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
      deadlines.set(this.#deadlines);
      this.#deadlines = deadlines;
      const done = new Uint32Array(size);
      done.set(this.#done);
      this.#done = done;
    }
    this.#states[key] = state;
    this.#deadlines[key] = state.deadline;
  }

  #reserve(keyRows: number): void {
    if (keyRows > this.#work.capacity) this.#work = createWorkspace(this.#plan, keyRows);
  }

  /** Reuses the output before the last one: the caller may still read the last one. */
  #nextOutput(rows: number): OutputColumns {
    const [next, last] = this.#outputs;
    const output = next.capacity >= rows ? next : createOutputColumns(this.#plan, rows);
    this.#outputs = [last, output];
    return output;
  }
}
