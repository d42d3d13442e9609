import type { CheckpointValue } from "./checkpoint/checkpoint-value.ts";
import { isEnvironment, type Level, openOrReplace, storeError } from "./checkpoint/level-store.ts";
import {
  decodeManifest,
  encodeManifest,
  generationOf,
  MANIFEST_RANGE,
  type Manifest,
  type ManifestEntry,
  manifestKey,
  VALUE_RANGE,
  valuesAfter,
} from "./checkpoint/manifest.ts";
import { notedGeneration, noteGeneration } from "./checkpoint/noted-generation.ts";
import { unseal } from "./checkpoint/sealed.ts";
import { labelOf, type PlacedValue, place, Sealer, sliced } from "./checkpoint/slices.ts";
import { Serial } from "./serial.ts";
import type { ReportDamage } from "./state-error.ts";

/** State of a named value. */
export type StoredValue =
  | { readonly kind: "absent" }
  | { readonly kind: "intact"; readonly value: CheckpointValue }
  | {
      readonly kind: "damaged";
      /**
       * The value of the previous generation, if it differs and is intact. It may not match the other values of
       * the newest generation.
       */
      readonly older: CheckpointValue | null;
    };

const SYNC = { sync: true } as const;
const EMPTY: Manifest = { generation: 0, entries: new Map() };

/**
 * Saves named values together as numbered generations. After a crash, the store holds the newest generation or
 * the previous one, complete. It writes changed values only. It keeps two generations, so a log must keep the
 * records since the older one.
 *
 * Each value has its own checksum. The store reports all damage. It skips a damaged newest generation, and
 * renames a store that can't be read to `<folder>.damaged-<n>`.
 */
export class CheckpointStore {
  readonly #folder: string;
  readonly #report: ReportDamage;
  readonly #serial = new Serial();
  #level: Level | null = null;
  #newest: Manifest = EMPTY;
  #older: Manifest = EMPTY;
  /** Keys of values of incomplete generations. */
  #orphans: readonly string[] = [];
  readonly #sealer = new Sealer();
  /** Largest known generation number, including lost generations. */
  #lastGeneration = 0;

  private constructor(folder: string, report: ReportDamage) {
    this.#folder = folder;
    this.#report = report;
  }

  /**
   * Opens or creates a store, also if its files are damaged.
   *
   * @throws {IotmonError} `ERR_STATE` if it is open already, `ERR_IO` for an error of the disk or system.
   */
  static async open(folder: string, report: ReportDamage): Promise<CheckpointStore> {
    const store = new CheckpointStore(folder, report);
    await store.#open();
    return store;
  }

  /** Number of the newest generation; 0: none. */
  get generation(): number {
    return this.#newest.generation;
  }

  /** Number of the previous generation; 0: none. */
  get olderGeneration(): number {
    return this.#older.generation;
  }

  /** Versions of the newest generation by name, without values known to be damaged. */
  get versions(): ReadonlyMap<string, number> {
    return new Map([...this.#newest.entries].map(([name, { version }]) => [name, version]));
  }

  /**
   * Saves a new generation: the previous one with changes. Atomic; resolves when it is on the disk.
   *
   * @param changed New and changed values, one per name.
   * @param removed Names to delete.
   * @returns Its number.
   * @throws {IotmonError} `ERR_IO`: nothing was saved, and the next call tries again. Read {@link versions}
   * before it: they are empty if the store was set aside.
   */
  commit(changed: readonly CheckpointValue[], removed: readonly string[] = []): Promise<number> {
    return this.#serial.run(async () => {
      if (this.#level === null) await this.#open();
      const level = this.#level as Level | null;
      if (level === null) throw new RangeError("The store is closed");
      const generation = this.#lastGeneration + 1;
      const entries = new Map(this.#newest.entries);
      for (const name of removed) entries.delete(name);
      const placed = place(generation, changed);
      for (const { name, version, key } of placed) entries.set(name, { version, key });
      const newest = { generation, entries };
      try {
        await this.#write(level, newest, placed);
      } catch (cause) {
        await this.#fail(cause);
      }
      this.#lastGeneration = generation;
      this.#older = this.#newest;
      this.#newest = newest;
      this.#orphans = [];
      await noteGeneration(this.#folder, generation);
      return generation;
    });
  }

  /**
   * Writes values in slices, then the manifest that refers to them. Syncs each write: LevelDB may start another
   * file after any of them, and syncs only the last one.
   */
  async #write(level: Level, newest: Manifest, values: readonly PlacedValue[]): Promise<void> {
    const slices = sliced(values);
    for (const slice of slices.slice(0, -1)) await level.batch(this.#sealer.seal(slice), SYNC);
    const key = manifestKey(newest.generation);
    await level.batch(
      [
        ...this.#sealer.seal(slices.at(-1) ?? []),
        { type: "put", key, value: encodeManifest(newest) },
        ...[...this.#garbage(newest)].map((key) => ({ type: "del", key }) as const),
      ],
      SYNC,
    );
  }

  /** Reads a value of the newest generation. */
  read(name: string): Promise<StoredValue> {
    return this.#serial.run(async () => {
      const entry = this.#newest.entries.get(name);
      if (entry === undefined) return { kind: "absent" };
      const value = await this.#value(name, entry);
      if (value !== null) return { kind: "intact", value };
      const entries = new Map(this.#newest.entries);
      entries.delete(name);
      this.#newest = { ...this.#newest, entries };
      const before = this.#older.entries.get(name);
      const older =
        before === undefined || before.key === entry.key ? null : await this.#value(name, before);
      const left = older === null ? "" : "; the one before it is still there";
      this.#reportDamage(`the saved value ${name} is damaged${left}`, 1);
      return { kind: "damaged", older };
    });
  }

  /** All values of the previous generation; null if one of them is damaged. */
  readOlder(): Promise<readonly CheckpointValue[] | null> {
    return this.#serial.run(async () => {
      const entries = [...this.#older.entries];
      const values = await Promise.all(entries.map(([name, entry]) => this.#value(name, entry)));
      return values.every((value) => value !== null) ? values : null;
    });
  }

  /** Closes the store; the last call. */
  close(): Promise<void> {
    return this.#serial.run(async () => {
      await this.#level?.close();
      this.#level = null;
    });
  }

  async #open(): Promise<void> {
    this.#level = await openOrReplace(
      this.#folder,
      (level) => this.#readManifests(level),
      this.#report,
    );
  }

  async #readManifests(level: Level): Promise<void> {
    [this.#newest, this.#older] = [EMPTY, EMPTY];
    const found: Manifest[] = [];
    const damaged: number[] = [];
    for await (const [key, bytes] of level.iterator(MANIFEST_RANGE)) {
      const generation = generationOf(key);
      this.#lastGeneration = Math.max(this.#lastGeneration, generation || 0);
      const manifest = decodeManifest(generation, bytes);
      if (manifest === null) damaged.push(generation);
      else found.push(manifest);
    }
    [this.#newest, this.#older] = [found.at(-1) ?? EMPTY, found.at(-2) ?? EMPTY];
    for (const generation of damaged) {
      const used = this.generation > 0 ? `, ${this.generation} is used` : "";
      this.#reportDamage(`generation ${generation} of the checkpoints is damaged${used}`, 1);
      await level.del(manifestKey(generation));
    }
    const noted = await notedGeneration(this.#folder);
    if (noted > this.#lastGeneration) {
      this.#reportDamage(`the checkpoints after generation ${this.#lastGeneration} are lost`, 1);
      this.#lastGeneration = noted;
    }
    if (damaged.length > 0) await this.#clean(level);
    this.#orphans = await level.keys(valuesAfter(this.generation)).all();
  }

  /** Deletes unreferenced values. */
  async #clean(level: Level): Promise<void> {
    const used = new Set([...keysOf(this.#newest), ...keysOf(this.#older)]);
    for await (const key of level.keys(VALUE_RANGE)) if (!used.has(key)) await level.del(key);
  }

  /** Keys that nothing refers to after `newest` is saved. */
  *#garbage(newest: Manifest): Generator<string> {
    if (this.#older.generation > 0) yield manifestKey(this.#older.generation);
    const used = new Set([...keysOf(this.#newest), ...keysOf(newest)]);
    for (const key of [...keysOf(this.#older), ...this.#orphans]) if (!used.has(key)) yield key;
  }

  async #value(name: string, { version, key }: ManifestEntry): Promise<CheckpointValue | null> {
    try {
      const sealed = await this.#level?.get(key);
      const bytes = sealed === undefined ? null : unseal(labelOf({ name, version }), sealed);
      return bytes === null ? null : { name, version, bytes };
    } catch (cause) {
      if (isEnvironment(cause)) throw storeError(this.#folder, cause);
      return null; // a checksum of LevelDB failed
    }
  }

  /** After a failed write, LevelDB rejects all others. The next commit reopens it. */
  async #fail(cause: unknown): Promise<never> {
    await this.#level?.close().catch(() => {});
    this.#level = null;
    throw storeError(this.#folder, cause);
  }

  #reportDamage(message: string, records: number): void {
    this.#report({ at: "checkpoints", message, records, bytes: 0 });
  }
}

function* keysOf({ entries }: Manifest): Generator<string> {
  for (const { key } of entries.values()) yield key;
}
