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

/** What became of a named value. */
export type StoredValue =
  | { readonly kind: "absent" }
  | { readonly kind: "intact"; readonly value: CheckpointValue }
  | {
      readonly kind: "damaged";
      /**
       * What the generation before holds, when that is another value and intact. It does not belong to
       * the other values of the newest generation: use it only where that does not matter.
       */
      readonly older: CheckpointValue | null;
    };

const SYNC = { sync: true } as const;
const EMPTY: Manifest = { generation: 0, entries: new Map() };

/**
 * Named values, saved together as numbered generations: after a crash there is the whole of one or the
 * whole of the one before. Values that did not change are not written again. The last two
 * generations are kept, so what leads to a state (a journal) must be kept back to the older one.
 *
 * Each value has its own checksum. A damaged one is said, a damaged newest generation is passed over and
 * said, a store that can't be read at all is set aside as `<folder>.damaged-<n>` and said.
 */
export class CheckpointStore {
  readonly #folder: string;
  readonly #report: ReportDamage;
  readonly #serial = new Serial();
  #level: Level | null = null;
  #newest: Manifest = EMPTY;
  #older: Manifest = EMPTY;
  /** Keys of values whose generation never came to be. */
  #orphans: readonly string[] = [];
  readonly #sealer = new Sealer();
  /** Largest number ever given to a generation that left a trace. */
  #lastGeneration = 0;

  private constructor(folder: string, report: ReportDamage) {
    this.#folder = folder;
    this.#report = report;
  }

  /**
   * Opens or creates a store. Whatever is in its files, it opens.
   *
   * @throws {IotmonError} `ERR_STATE` when it is open already, `ERR_IO` when disk or system refuse.
   */
  static async open(folder: string, report: ReportDamage): Promise<CheckpointStore> {
    const store = new CheckpointStore(folder, report);
    await store.#open();
    return store;
  }

  /** Number of the newest generation; 0 when there is none. */
  get generation(): number {
    return this.#newest.generation;
  }

  /** Number of the generation before that one is kept; 0 when there is none. */
  get olderGeneration(): number {
    return this.#older.generation;
  }

  /** Names of the newest generation and their versions, but for those known to be damaged. */
  get versions(): ReadonlyMap<string, number> {
    return new Map([...this.#newest.entries].map(([name, { version }]) => [name, version]));
  }

  /**
   * Saves a new generation: that of before, with these values changed or added and these names gone.
   * Atomic, and on the disk when it resolves.
   *
   * @param changed One a name. Leave out what {@link versions} holds already.
   * @returns Its number.
   * @throws {IotmonError} `ERR_IO`. Nothing was saved; the next call tries again. Look at
   * {@link versions} before it: they are gone if the store had to be set aside.
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
   * Values in slices, then the manifest that makes them count. Each write is synced: LevelDB may go on in
   * another file after any of them, and syncs only the last one.
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

  /** The value that the newest generation has under a name. */
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

  /** All values of the generation before the newest; null when one of them is damaged. */
  readOlder(): Promise<readonly CheckpointValue[] | null> {
    return this.#serial.run(async () => {
      const entries = [...this.#older.entries];
      const values = await Promise.all(entries.map(([name, entry]) => this.#value(name, entry)));
      return values.every((value) => value !== null) ? values : null;
    });
  }

  /** Closes; the last call. */
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

  /** Deletes values that no generation refers to. */
  async #clean(level: Level): Promise<void> {
    const used = new Set([...keysOf(this.#newest), ...keysOf(this.#older)]);
    for await (const key of level.keys(VALUE_RANGE)) if (!used.has(key)) await level.del(key);
  }

  /** Keys that nothing refers to once `newest` is there. */
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
      return null; // LevelDB's own checksums found it first
    }
  }

  /** After a failed write LevelDB refuses all others: the next commit opens it anew. */
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
