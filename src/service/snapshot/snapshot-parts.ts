import { StateWriter } from "../../core/state-codec.ts";

/** A named piece of state, as the checkpoint store takes it: the same name and version, the same bytes. */
export interface SnapshotPart {
  readonly name: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** What a save came to, as the checkpoint store takes it. */
export interface SavedParts {
  readonly changed: readonly SnapshotPart[];
  /** Names that were saved before and are not needed any more. */
  readonly removed: readonly string[];
}

/** Collects what is to be saved anew. */
export class PartWriter {
  readonly #saved: ReadonlyMap<string, number>;
  readonly #changed: SnapshotPart[] = [];
  readonly #names = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #writer = new StateWriter();

  /** @param saved Versions of pieces that are saved already. */
  constructor(saved: ReadonlyMap<string, number>) {
    this.#saved = saved;
  }

  /** Whether a piece is saved as it is; it is kept then. */
  has(name: string, version: number): boolean {
    this.#names.add(name);
    return this.#saved.get(name) === version;
  }

  put(name: string, version: number, bytes: Uint8Array): void {
    this.#names.add(name);
    this.#changed.push({ name, version, bytes });
  }

  /** Saves a piece unless it is saved as it is. */
  write(name: string, version: number, save: (writer: StateWriter) => void): void {
    if (this.has(name, version)) return;
    this.#writer.clear();
    save(this.#writer);
    this.put(name, version, this.#writer.finish());
  }

  /** As {@link write}, of a value that JSON can say. */
  json(name: string, version: number, value: () => unknown): void {
    if (this.has(name, version)) return;
    this.put(name, version, new TextEncoder().encode(JSON.stringify(value())));
  }

  /** Version under which a piece is saved; undefined: it is not. */
  version(name: string): number | undefined {
    return this.#saved.get(name);
  }

  /** Everything saved under these first letters is kept. */
  keepAll(prefix: string): void {
    this.#folders.add(prefix);
  }

  finish(): SavedParts {
    const folders = [...this.#folders];
    const removed = [...this.#saved.keys()].filter(
      (name) => !this.#names.has(name) && !folders.some((prefix) => name.startsWith(prefix)),
    );
    return { changed: this.#changed, removed };
  }
}

/** Says that something of what was saved is lost, as a sentence without a period. */
export type ReportLoss = (message: string) => void;

/** The pieces of one pipeline, by their names within it. */
export class PartReader {
  readonly #pieces: ReadonlyMap<string, Uint8Array>;
  readonly #prefix: string;
  readonly #report: ReportLoss;
  #losses = 0;

  /** @param pieces All there are. */
  constructor(pieces: ReadonlyMap<string, Uint8Array>, prefix: string, report: ReportLoss) {
    this.#pieces = pieces;
    this.#prefix = prefix;
    this.#report = report;
  }

  /** Whether anything was lost. */
  get complete(): boolean {
    return this.#losses === 0;
  }

  get(name: string): Uint8Array | undefined {
    return this.#pieces.get(this.#prefix + name);
  }

  /** Pieces in a folder of numbers, by number. */
  numbered(folder: string): readonly (readonly [number: number, bytes: Uint8Array])[] {
    const prefix = `${this.#prefix}${folder}/`;
    return [...this.#pieces]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, bytes]) => [Number(name.slice(prefix.length)), bytes] as const)
      .sort(([a], [b]) => a - b);
  }

  /** Pieces of folders of numbers in a folder: by number, then name. */
  grouped(folder: string): ReadonlyMap<number, ReadonlyMap<string, Uint8Array>> {
    const prefix = `${this.#prefix}${folder}/`;
    const groups = new Map<number, Map<string, Uint8Array>>();
    for (const [name, bytes] of this.#pieces) {
      if (!name.startsWith(prefix)) continue;
      const cut = name.indexOf("/", prefix.length);
      const number = Number(name.slice(prefix.length, cut));
      const group = groups.get(number) ?? new Map<string, Uint8Array>();
      group.set(name.slice(cut + 1), bytes);
      groups.set(number, group);
    }
    return groups;
  }

  /**
   * Restores something from a piece.
   *
   * @param what Is lost when the piece is missing or damaged.
   * @returns Whether it was there.
   */
  restore(name: string, what: string, load: (bytes: Uint8Array) => void): boolean {
    const bytes = this.get(name);
    if (bytes === undefined) this.reportLoss(`${what} is missing`);
    else return this.tryLoad(what, () => load(bytes));
    return false;
  }

  /** Does what may fail on damaged bytes; whether it did not. */
  tryLoad(what: string, load: () => void): boolean {
    try {
      load();
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.reportLoss(`${what} is damaged: ${error.message}`);
      return false;
    }
  }

  reportLoss(message: string): void {
    this.#losses += 1;
    this.#report(message);
  }
}
