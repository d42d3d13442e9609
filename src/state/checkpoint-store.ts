import { encodeEntry } from "./checkpoint/entry.ts";
import { type Generation, GenerationReader, generationOf } from "./checkpoint/generation.ts";
import { GenerationWriter } from "./checkpoint/generation-writer.ts";
import { deleteLevel, readLevel } from "./checkpoint/level/read-level.ts";
import { signatureOf } from "./checkpoint/patch.ts";
import {
  NO_GENERATION,
  type SavedGeneration,
  type SavedValue,
  sizeOf,
} from "./checkpoint/saved-values.ts";
import { SegmentLog } from "./segment-log.ts";
import type { ReportDamage } from "./state-error.ts";

const LEAST_SEGMENT_BYTES = 16 * 1024;
const MOST_SEGMENT_BYTES = 4 * 1024 * 1024;
/** Share of its values that a segment of the log may hold. */
const SEGMENT_SHARE = 0.25;
/** Size of the log, as a multiple of its values, above which its oldest segments are emptied. */
const FULL = 2;
/** Size up to which the log is never full, bytes. */
const SMALL_LOG_BYTES = 4 * LEAST_SEGMENT_BYTES;

/**
 * Saves named values together as numbered generations, in a segment log. After a crash, the store holds the
 * newest generation or the previous one, complete. It keeps two generations, so another log must keep its
 * records since the older one.
 *
 * A changed value is written as a patch of the saved one, compressed, so the cost follows the change. When the log is
 * twice as large as its values, the next generation writes the values of the oldest segments again, whole,
 * and these segments are deleted. So the log stays below about three times its values, and two bytes are
 * written for each byte that changed.
 *
 * Every record and every value has a checksum. The store reports each value that is lost.
 */
export class CheckpointStore {
  readonly #folder: string;
  readonly #log: SegmentLog;
  #newest: SavedGeneration = NO_GENERATION;
  #older: SavedGeneration = NO_GENERATION;
  #lastAttempt: number;
  #noted: number;
  /** What the log held at the start, until it is taken. */
  #read: Generation;
  /** Whether the folder has files of an older iotmon. */
  #hasLevel: boolean;
  #writer: GenerationWriter | null = null;
  /** See {@link rewrittenBytes}; null: not computed since the last generation. */
  #rewritten: number | null = null;

  private constructor(
    folder: string,
    log: SegmentLog,
    reader: GenerationReader,
    level: Generation | null,
  ) {
    this.#folder = folder;
    this.#log = log;
    this.#hasLevel = level !== null;
    this.#lastAttempt = Math.max(reader.lastAttempt, level?.number ?? 0);
    this.#noted = reader.noted;
    this.#read = level ?? { number: 0, values: new Map(), damaged: [] };
    if (reader.newest === null) return;
    const values = reader.values();
    const { manifest } = reader.newest;
    this.#read = generationOf(manifest, values);
    const saved = values.map(({ name, version, bytes, ...rest }): [string, SavedValue] => {
      return [name, { version, ...rest, signature: signatureOf(bytes) }];
    });
    this.#newest = {
      number: manifest.generation,
      values: new Map(saved),
      from: reader.newest.from,
    };
    if (reader.older === null) return;
    const { manifest: older, from } = reader.older;
    this.#older = { number: older.generation, values: new Map(), from };
  }

  /**
   * Opens or creates a store, also if its files are damaged.
   *
   * @throws {IotmonError} `ERR_CANT_CREATE`, `ERR_PERMISSION` or `ERR_IO` if files can't be created or read.
   */
  static async open(folder: string, report: ReportDamage): Promise<CheckpointStore> {
    let store: CheckpointStore | null = null;
    const log = await SegmentLog.open(folder, {
      // most records are obsolete, so the values that are lost are reported instead
      report: (damage) => {
        if (damage.records === 0 && damage.bytes === 0) report(damage);
      },
      segmentBytes: () => store?.segmentBytes ?? LEAST_SEGMENT_BYTES,
    });
    const reader = await readLog(log);
    const level = reader.newest === null ? await readLevel(folder, report) : null;
    store = new CheckpointStore(folder, log, reader, level);
    for (const name of store.#read.damaged) {
      report({
        at: "checkpoints",
        message: `the saved value ${name} is damaged`,
        records: 1,
        bytes: 0,
      });
    }
    return store;
  }

  /** Number of the newest generation; 0: none. */
  get generation(): number {
    return this.#newest.number;
  }

  /** Number of values of the newest generation. */
  get valueCount(): number {
    return this.#newest.values.size;
  }

  /** Bytes of the files. */
  get bytes(): number {
    return this.#log.bytes;
  }

  /** Bytes of the values of the newest generation, as they are stored whole. */
  get liveBytes(): number {
    return sizeOf(this.#newest);
  }

  /**
   * Bytes of the values that the next generation writes again because the log is full; 0: it writes changes only.
   * O(values) after each generation.
   */
  get rewrittenBytes(): number {
    if (this.#rewritten === null) {
      const kept = [...this.#kept().values()];
      this.#rewritten = this.liveBytes - kept.reduce((sum, { stored }) => sum + stored, 0);
    }
    return this.#rewritten;
  }

  /** Bytes written since the store was opened. */
  get writtenBytes(): number {
    return this.#log.writtenBytes;
  }

  /** Largest number given to {@link note}; 0: none. */
  get noted(): number {
    return this.#noted;
  }

  /** Size of the segments of the log, bytes: small values need small segments. */
  get segmentBytes(): number {
    const live = Math.max(this.liveBytes, this.#writer?.bytes ?? 0);
    return Math.min(MOST_SEGMENT_BYTES, Math.max(LEAST_SEGMENT_BYTES, SEGMENT_SHARE * live));
  }

  /** The newest generation as it was read at the start. Only the first call returns its values. */
  takeNewest(): Generation {
    const generation = this.#read;
    this.#read = { number: generation.number, values: new Map(), damaged: [] };
    return generation;
  }

  /** Reads the previous generation; null if there is none or a value of it is damaged. */
  async readOlder(): Promise<Generation | null> {
    const { number } = this.#older;
    if (number === 0) return null;
    const reader = await readLog(this.#log, number);
    if (reader.newest?.manifest.generation !== number) return null;
    const generation = generationOf(reader.newest.manifest, reader.values());
    return generation.damaged.length === 0 ? generation : null;
  }

  /**
   * Begins the next generation. One is written at a time.
   *
   * @param isFresh Whether it keeps no value of the previous one.
   */
  begin(isFresh = false): GenerationWriter {
    this.#lastAttempt += 1;
    const kept = isFresh ? NO_GENERATION.values : this.#kept();
    const base = {
      attempt: this.#lastAttempt,
      number: kept.size > 0 ? this.#newest.number : 0,
      kept,
      note: this.#noted,
    };
    this.#writer = new GenerationWriter(this.#log, base, (end) => this.#ended(end));
    return this.#writer;
  }

  /**
   * Saves a number of the owner without a generation; it only grows. Resolves when it is on the disk.
   *
   * @throws {IotmonError} `ERR_IO`: it is not saved.
   */
  async note(note: number): Promise<void> {
    if (note <= this.#noted) return;
    this.#log.append(encodeEntry({ kind: "note", note }));
    try {
      await this.#log.sync();
    } catch (error) {
      await this.#log.retract();
      throw error;
    }
    this.#noted = note;
  }

  /** Ends the file that is written to, so that {@link clean} can delete it. @throws {IotmonError} `ERR_IO`. */
  endSegment(): Promise<void> {
    return this.#log.endSegment();
  }

  /** Deletes records that no generation needs. Call this after a generation is saved. */
  async clean(): Promise<void> {
    if (this.#hasLevel) await deleteLevel(this.#folder);
    this.#hasLevel = false;
    const from = Math.min(this.#older.from, this.#newest.from);
    if (Number.isFinite(from)) await this.#log.dropBefore(from);
  }

  /** Closes the store; the last call. */
  async close(): Promise<void> {
    await this.#log.close();
  }

  /** Saved values, without those in the oldest segments if the log is full. */
  #kept(): ReadonlyMap<string, SavedValue> {
    const { values } = this.#newest;
    const excess = this.bytes - Math.max(SMALL_LOG_BYTES, FULL * this.liveBytes);
    if (excess <= 0) return values;
    const first = this.#log.startBehind(excess);
    return new Map([...values].filter(([, { from, crc }]) => crc === null || from >= first));
  }

  #ended(end: SavedGeneration | "failed"): void {
    this.#writer = null;
    this.#rewritten = null;
    if (end === "failed") {
      // the next one must not build on a generation that may or may not be on the disk
      this.#newest = { ...this.#newest, values: new Map() };
      return;
    }
    this.#older = this.#newest;
    this.#newest = end;
  }
}

/** @param last Last generation that is read. */
async function readLog(
  log: SegmentLog,
  last = Number.POSITIVE_INFINITY,
): Promise<GenerationReader> {
  const reader = new GenerationReader();
  for await (const { seq, payload } of log.read()) {
    reader.take(seq, payload);
    if ((reader.newest?.manifest.generation ?? 0) >= last) break;
  }
  return reader;
}
