import { StateWriter } from "../../core/state-codec.ts";

/** A named part of the state for the checkpoint store. The same name and version mean the same bytes. */
export interface SnapshotPart {
  readonly name: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** Passes the parts that have changed on, one by one. */
export class PartWriter {
  readonly #saved: ReadonlyMap<string, number>;
  readonly #take: (part: SnapshotPart) => void;
  readonly #names = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #writer = new StateWriter();

  /**
   * @param saved Versions of saved parts, by name.
   * @param take Receives each changed part.
   */
  constructor(saved: ReadonlyMap<string, number>, take: (part: SnapshotPart) => void) {
    this.#saved = saved;
    this.#take = take;
  }

  /** Whether the saved part has this version; keeps it. */
  has(name: string, version: number): boolean {
    this.#names.add(name);
    return this.#saved.get(name) === version;
  }

  put(name: string, version: number, bytes: Uint8Array): void {
    this.#names.add(name);
    this.#take({ name, version, bytes });
  }

  /** Saves a part unless the saved one has this version. */
  write(name: string, version: number, save: (writer: StateWriter) => void): void {
    if (this.has(name, version)) return;
    this.#writer.clear();
    save(this.#writer);
    this.put(name, version, this.#writer.finish());
  }

  /** Like {@link write}, for a value as JSON. */
  json(name: string, version: number, value: () => unknown): void {
    if (this.has(name, version)) return;
    this.put(name, version, new TextEncoder().encode(JSON.stringify(value())));
  }

  /** Version of a saved part; undefined: it is not saved. */
  version(name: string): number | undefined {
    return this.#saved.get(name);
  }

  /** Keeps all saved parts with this prefix. */
  keepAll(prefix: string): void {
    this.#folders.add(prefix);
  }

  /** Names of saved parts that are no longer needed. */
  removed(): readonly string[] {
    const folders = [...this.#folders];
    return [...this.#saved.keys()].filter(
      (name) => !this.#names.has(name) && !folders.some((prefix) => name.startsWith(prefix)),
    );
  }
}

/** Reports a loss, as a sentence without a period. */
export type ReportLoss = (message: string) => void;

/** The parts of one pipeline, by their names within it. */
export class PartReader {
  readonly #parts: ReadonlyMap<string, SnapshotPart>;
  readonly #prefix: string;
  readonly #report: ReportLoss;
  #losses = 0;

  /** @param parts All parts of the snapshot. */
  constructor(parts: ReadonlyMap<string, SnapshotPart>, prefix: string, report: ReportLoss) {
    this.#parts = parts;
    this.#prefix = prefix;
    this.#report = report;
  }

  /** Whether nothing was lost. */
  get complete(): boolean {
    return this.#losses === 0;
  }

  get(name: string): Uint8Array | undefined {
    return this.#parts.get(this.#prefix + name)?.bytes;
  }

  /** Parts `<folder>/<number>`, by number. */
  numbered(folder: string): readonly (readonly [number: number, bytes: Uint8Array])[] {
    const prefix = `${this.#prefix}${folder}/`;
    return [...this.#parts]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { bytes }]) => [Number(name.slice(prefix.length)), bytes] as const)
      .sort(([a], [b]) => a - b);
  }

  /** Parts `<folder>/<number>/<name>`, by number, with their names in it. */
  grouped(folder: string): ReadonlyMap<number, readonly SnapshotPart[]> {
    const prefix = `${this.#prefix}${folder}/`;
    const groups = new Map<number, SnapshotPart[]>();
    for (const [name, { version, bytes }] of this.#parts) {
      if (!name.startsWith(prefix)) continue;
      const cut = name.indexOf("/", prefix.length);
      const number = Number(name.slice(prefix.length, cut));
      const group = groups.get(number) ?? [];
      group.push({ name: name.slice(cut + 1), version, bytes });
      groups.set(number, group);
    }
    return groups;
  }

  /**
   * Restores something from a part.
   *
   * @param what Named in the report if the part is missing or damaged.
   * @returns Whether it was restored.
   */
  restore(name: string, what: string, load: (bytes: Uint8Array) => void): boolean {
    const bytes = this.get(name);
    if (bytes === undefined) this.reportLoss(`${what} is missing`);
    else return this.tryLoad(what, () => load(bytes));
    return false;
  }

  /** Loads from bytes that may be damaged. @returns Whether it worked. */
  tryLoad(what: string, load: () => void): boolean {
    try {
      load();
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.lost(what, error);
      return false;
    }
  }

  /** Reports something that can't be loaded. */
  lost(what: string, error: Error): void {
    this.reportLoss(`${what} is damaged: ${error.message}`);
  }

  /** Reports a loss. */
  reportLoss(message: string): void {
    this.#losses += 1;
    this.#report(message);
  }
}
