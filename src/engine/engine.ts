import type { Episode } from "../core/alerts/alert-event.ts";
import { firstAtLeast, type SequencedBatch } from "../core/batch.ts";
import type { Detector, Explanation, ScoreColumns } from "../core/detectors/detector.ts";
import type { KeyTable } from "../core/key-table.ts";
import { WindowMemories } from "../core/sorted-window/window-memory.ts";
import { StateWriter } from "../core/state-codec.ts";
import { copyDetector } from "./copy-detector.ts";
import { createOutputColumns, type EngineOutput, type OutputColumns } from "./engine-output.ts";
import type { DetectorStatus } from "./evaluation.ts";
import { allInOrder, type Decisions, EventQueue } from "./event-queue.ts";
import { KeyGroups, type Shard } from "./key-groups.ts";
import { KeyState } from "./key-state.ts";
import { loadPart } from "./load-part.ts";
import type { DetectorPlan, EnginePlan } from "./plan.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** Time of an observation outside the stream. */
const NO_TIME = Float64Array.of(Number.NaN);

/** A saved piece of one key's state. */
export interface SavedPart {
  readonly name: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/**
 * The deterministic engine: takes readings in order, returns scores and alert events.
 * Synchronous, no I/O, no clock, no random numbers: the same readings give the same output however
 * they are cut into batches, or interrupted by {@link snapshot} and {@link restore}.
 */
export class Engine {
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #states: KeyState[] = []; // by key code; may have holes
  readonly #groups: KeyGroups;
  readonly #queue = new EventQueue();
  readonly #memories = new WindowMemories();
  /** By key code: when something happens without a reading; Infinity: never. */
  #deadlines = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  /** By key code: rows of the current batch up to the key's last one; 0 outside {@link apply}. */
  #done = new Uint32Array(64);
  /** Reused by {@link snapshot}, which may run thousands of times a minute. */
  readonly #writer = new StateWriter();
  #work: Workspace;
  #outputs: readonly [OutputColumns, OutputColumns];

  /**
   * @param keys Names behind the key codes of the batches; they go into alert ids.
   * @param shard Keys that this engine runs; rows of others are passed over.
   */
  constructor(
    plan: EnginePlan,
    keys: KeyTable,
    shard: Shard = { index: 0, owners: new Uint8Array(1) },
  ) {
    this.#plan = plan;
    this.#keys = keys;
    this.#groups = new KeyGroups(shard);
    this.#work = createWorkspace(plan, 0);
    this.#outputs = [createOutputColumns(plan, 0), createOutputColumns(plan, 0)];
  }

  /** Bytes held now by the windows and models of all keys. */
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

  /** Runs the next rows. The result's arrays are overwritten by the next call but one. */
  apply(batch: SequencedBatch): EngineOutput {
    const output = this.#nextOutput(batch.length);
    const decisions = this.run(batch, output);
    const { scores, features } = output;
    return { length: batch.length, scores, features, ...allInOrder(decisions) };
  }

  /**
   * Runs the next rows, for callers that put together the work of several engines.
   *
   * @param output Receives the rows of this engine's keys; room for the whole batch.
   */
  run(batch: SequencedBatch, output: OutputColumns): Decisions {
    this.#groups.group(batch);
    this.#reserve(this.#groups.largest);
    const { keys, rows } = this.#groups;
    for (let g = 0; g < keys.length; g++) {
      const key = keys[g] as number;
      const [from, to] = [this.#groups.end(g - 1), this.#groups.end(g)];
      const state = this.#state(key);
      state.apply(batch, rows, from, to, this.#work, output, this.#queue);
      this.#deadlines[key] = state.deadline;
      this.#done[key] = (rows[to - 1] as number) + 1;
    }
    if (batch.length > 0) {
      const watermark = batch.watermarks[batch.length - 1] as number;
      this.#tick(watermark, (deadline) => firstAtLeast(batch, deadline));
    }
    for (const key of keys) this.#done[key] = 0;
    return this.#queue.drain();
  }

  /** Earliest deadline that needs no reading, event time in ms; Infinity: none. O(keys). */
  get deadline(): number {
    return this.#deadlines.reduce((next, deadline) => Math.min(next, deadline));
  }

  /** Advances event time to `now` without a reading: runs the deadlines up to it. */
  tick(now: number): Decisions {
    this.#tick(now, () => 0);
    return this.#queue.drain();
  }

  /**
   * Excludes event time `from` up to `to`, ms, from silence: the program did not run, or the clock was set.
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
   * Lets a detector observe something that is no reading of the stream: windows and alerts of the key
   * do not see it.
   *
   * @param inputs One value for each input of the detector.
   * @param out Receives the scores at row 0.
   * @throws {RangeError} If the detector scores no readings; so do the next two.
   */
  observe(key: number, detector: number, inputs: readonly Float64Array[], out: ScoreColumns): void {
    this.#scoring(key, detector).observe(inputs, 0, out, NO_TIME);
  }

  /** Scores and explains as {@link observe} would, without learning. */
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
   * Explains what a detector of a key has observed last. Not for what was observed before a restore.
   *
   * @param inputs What that was.
   */
  explain(key: number, detector: number, inputs: readonly Float64Array[]): Explanation {
    return this.#scoring(key, detector).explain(inputs, 0);
  }

  /** Episodes that are going on, by key, then detector. */
  openEpisodes(): Episode[] {
    return this.#states.flatMap((state) =>
      state.status().flatMap(({ open }) => (open === null ? [] : [open])),
    );
  }

  /** Where a key's detectors stand; null for a key without readings. */
  peek(key: number): readonly DetectorStatus[] | null {
    return this.#states[key]?.status() ?? null;
  }

  /**
   * Saves a key's state in pieces.
   *
   * @param saved Versions of pieces that are saved already: those that did not change since are
   * left out.
   */
  snapshot(key: number, saved: Pick<ReadonlyMap<string, number>, "get"> = new Map()): SavedPart[] {
    const parts = this.#states[key]?.parts() ?? [];
    return parts
      .filter(({ name, version }) => saved.get(name) !== version)
      .map(({ name, version, save }) => {
        this.#writer.clear();
        save(this.#writer);
        return { name, version, bytes: this.#writer.finish() };
      });
  }

  /**
   * Puts a key into a saved state. Pieces that are missing start anew, and so does what makes no sense
   * without them.
   *
   * @throws {IotmonError} `ERR_STATE` when a piece does not fit the plan or is damaged.
   */
  restore(key: number, saved: readonly SavedPart[]): void {
    const state = new KeyState(this.#plan, key, this.#keys.name(key), this.#memories);
    const bytes = new Map(saved.map((part) => [part.name, part.bytes]));
    const parts = state.parts();
    const torn = new Set(parts.filter(({ name }) => !bytes.has(name)).map(({ unit }) => unit));
    for (const part of parts) {
      const piece = bytes.get(part.name);
      if (piece !== undefined && !torn.has(part.unit)) loadPart(part, piece, this.#keys.name(key));
    }
    this.#put(key, state);
  }

  #scoring(key: number, index: number): Detector {
    const detector = this.#state(key).detector(index);
    if (!("observe" in detector)) throw new RangeError(`Detector ${index} scores no readings`);
    return detector;
  }

  #tick(now: number, position: (deadline: number) => number): void {
    for (let key = 0; key < this.#states.length; key++) {
      if ((this.#deadlines[key] as number) > now) continue;
      const state = this.#states[key] as KeyState;
      // what a key's own row set in motion comes after that row, however early it is due
      const done = this.#done[key] as number;
      state.tick(now, (deadline) => Math.max(done, position(deadline)), this.#queue);
      this.#deadlines[key] = state.deadline;
    }
  }

  #state(key: number): KeyState {
    const known = this.#states[key];
    if (known) return known;
    const state = new KeyState(this.#plan, key, this.#keys.name(key), this.#memories);
    this.#put(key, state);
    return state;
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

  /** The output that was filled before the last one: the caller may still look at the last one. */
  #nextOutput(rows: number): OutputColumns {
    const [next, last] = this.#outputs;
    const output = next.capacity >= rows ? next : createOutputColumns(this.#plan, rows);
    this.#outputs = [last, output];
    return output;
  }
}
