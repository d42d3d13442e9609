import type { Episode } from "../core/alerts/alert-event.ts";
import type { SequencedBatch } from "../core/batch.ts";
import { IotmonError } from "../core/errors.ts";
import type { KeyTable } from "../core/key-table.ts";
import { StateReader, StateWriter } from "../core/state-codec.ts";
import { createOutputColumns, type EngineOutput, type OutputColumns } from "./engine-output.ts";
import { EventQueue } from "./event-queue.ts";
import { KeyGroups } from "./key-groups.ts";
import { type DetectorStatus, KeyState } from "./key-state.ts";
import type { EnginePlan } from "./plan.ts";
import { firstAtLeast } from "./search.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** A saved piece of one key's state. */
export interface SavedPart {
  readonly name: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/**
 * The deterministic heart of iotmon: readings in order go in, scores and alert events come out.
 * Synchronous, no I/O, no clock, no random numbers: the same readings give the same output however
 * they are cut into batches, or interrupted by {@link snapshot} and {@link restore}.
 */
export class Engine {
  readonly #plan: EnginePlan;
  readonly #keys: KeyTable;
  readonly #states: KeyState[] = []; // by key code; may have holes
  readonly #groups = new KeyGroups();
  readonly #queue = new EventQueue();
  /** By key code: when something happens without a reading; Infinity: never. */
  #deadlines = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  /** By key code: rows of the current batch up to the key's last one; 0 outside {@link apply}. */
  #done = new Uint32Array(64);
  #work: Workspace;
  #output: OutputColumns;

  /** @param keys Names behind the key codes of the batches; they go into alert ids. */
  constructor(plan: EnginePlan, keys: KeyTable) {
    this.#plan = plan;
    this.#keys = keys;
    this.#work = createWorkspace(plan, 0);
    this.#output = createOutputColumns(plan, 0);
  }

  /** Bytes held now by the windows and models of all keys. */
  get bytes(): number {
    return this.#states.reduce((sum, state) => sum + state.bytes, 0);
  }

  /** Readings dropped because they had been seen before, and readings that never came. */
  get sequence(): { readonly repeated: number; readonly missed: number } {
    return this.#states.reduce(
      (sum, state) => ({
        repeated: sum.repeated + state.repeated,
        missed: sum.missed + state.missed,
      }),
      { repeated: 0, missed: 0 },
    );
  }

  /** Runs the next rows. The result's arrays are overwritten by the next call. */
  apply(batch: SequencedBatch): EngineOutput {
    this.#groups.group(batch);
    this.#reserve(batch.length, this.#groups.largest);
    const { keys, rows } = this.#groups;
    for (let g = 0; g < keys.length; g++) {
      const key = keys[g] as number;
      const [from, to] = [this.#groups.end(g - 1), this.#groups.end(g)];
      const state = this.#state(key);
      state.apply(batch, rows, from, to, this.#work, this.#output, this.#queue);
      this.#deadlines[key] = state.deadline;
      this.#done[key] = (rows[to - 1] as number) + 1;
    }
    if (batch.length > 0) {
      const watermark = batch.watermarks[batch.length - 1] as number;
      this.#tick(watermark, (deadline) => firstAtLeast(batch, deadline));
    }
    for (const key of keys) this.#done[key] = 0;
    return {
      length: batch.length,
      scores: this.#output.scores,
      features: this.#output.features,
      events: this.#queue.takeMessages(),
      episodes: this.#queue.takeEpisodes(),
    };
  }

  /** Event time has come to `now` without a reading: does what was due. */
  tick(now: number): Pick<EngineOutput, "events" | "episodes"> {
    this.#tick(now, () => 0);
    return { events: this.#queue.takeMessages(), episodes: this.#queue.takeEpisodes() };
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
  snapshot(key: number, saved: ReadonlyMap<string, number> = new Map()): SavedPart[] {
    const parts = this.#states[key]?.parts() ?? [];
    return parts
      .filter(({ name, version }) => saved.get(name) !== version)
      .map(({ name, version, save }) => {
        const writer = new StateWriter();
        save(writer);
        return { name, version, bytes: writer.finish() };
      });
  }

  /**
   * Puts a key into a saved state. Pieces that are missing start anew.
   *
   * @throws {IotmonError} `ERR_STATE` when a piece does not fit the plan or is damaged.
   */
  restore(key: number, saved: readonly SavedPart[]): void {
    const state = new KeyState(this.#plan, key, this.#keys.name(key));
    const bytes = new Map(saved.map((part) => [part.name, part.bytes]));
    for (const part of state.parts()) {
      const piece = bytes.get(part.name);
      if (piece === undefined) continue;
      try {
        const reader = new StateReader(piece);
        part.load(reader);
        if (reader.remaining > 0) throw new RangeError(`${reader.remaining} bytes are left over`);
      } catch (cause) {
        throw new IotmonError(
          "ERR_STATE",
          `The saved ${part.name} of "${this.#keys.name(key)}" does not fit this pipeline`,
          { cause, hint: "Start that sensor anew, or restore it with the pipeline that saved it" },
        );
      }
    }
    this.#put(key, state);
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
    const state = new KeyState(this.#plan, key, this.#keys.name(key));
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

  #reserve(rows: number, keyRows: number): void {
    if (keyRows > this.#work.capacity) this.#work = createWorkspace(this.#plan, keyRows);
    if (rows > this.#output.capacity) this.#output = createOutputColumns(this.#plan, rows);
  }
}
