import { closeSync, openSync, writeSync } from "node:fs";
import type { Reject } from "./decoders/decoder.ts";
import type { ImplausibleCell } from "./implausible.ts";
import { outputError } from "./output-error.ts";

const WHAT = "the reject file";
const MAX_EXAMPLES = 10;
const WRITE_AT_BYTES = 65_536;

/**
 * Counts what could not be read, keeps the first few in memory and, if there is a file, writes all to it
 * as JSON lines (`input`, `line`, `reason`, `detail`, `text`). Values that can't be true go there too (`input`,
 * `row`, `column`, `value`, `reason`, `detail`), but cost no row and are counted by themselves.
 *
 * Writing is synchronous, 64 kB at a time: so memory stays bounded however fast rejects come.
 */
export class RejectLog {
  readonly #label: string;
  readonly #counts = new Map<string, number>();
  readonly #examples: Reject[] = [];
  readonly #implausible = new Map<string, number>();
  #firstImplausible: ImplausibleCell | null = null;
  #total = 0;
  #descriptor: number | null = null;
  #buffer = "";

  /**
   * @param file Where to write; null: nowhere. An existing file is replaced, unless `mode` says otherwise.
   * @param label The file as the user named it, for errors.
   * @param mode Whether what is in the file already is kept.
   * @throws {IotmonError} `ERR_CANT_CREATE` or `ERR_PERMISSION` when the file can't be created.
   */
  constructor(file: string | null = null, label?: string, mode: "replace" | "append" = "replace") {
    this.#label = label ?? file ?? "";
    if (file === null) return;
    try {
      this.#descriptor = openSync(file, mode === "append" ? "a" : "w");
    } catch (cause) {
      throw outputError(WHAT, label ?? file, cause);
    }
  }

  /** Rejects so far. */
  get total(): number {
    return this.#total;
  }

  /** Rejects by reason, the reason that came first first. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The first ten. */
  get examples(): readonly Reject[] {
    return this.#examples;
  }

  /** Values that can't be true, by column. */
  get implausible(): ReadonlyMap<string, number> {
    return this.#implausible;
  }

  /** The first of them; null: there is none. */
  get firstImplausible(): ImplausibleCell | null {
    return this.#firstImplausible;
  }

  /**
   * Takes one reject.
   *
   * @throws {IotmonError} `ERR_IO` when the file can't be written.
   */
  add(reject: Reject): void {
    this.#total += 1;
    this.#counts.set(reject.reason, (this.#counts.get(reject.reason) ?? 0) + 1);
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(reject);
    this.#keep(reject);
  }

  /**
   * Takes a value that can't be true.
   *
   * @throws {IotmonError} `ERR_IO` when the file can't be written.
   */
  addImplausible(cell: ImplausibleCell): void {
    const { column } = cell;
    this.#implausible.set(column, (this.#implausible.get(column) ?? 0) + 1);
    this.#firstImplausible ??= cell;
    this.#keep(cell);
  }

  /**
   * Writes what has come so far.
   *
   * @throws {IotmonError} `ERR_IO` when the file can't be written: it is lost then, but counted.
   */
  flush(): void {
    if (this.#buffer !== "") this.#write();
  }

  /**
   * Writes what is left and closes the file. Calling it again does nothing.
   *
   * @throws {IotmonError} `ERR_IO` when the file can't be written.
   */
  close(): void {
    if (this.#descriptor === null) return;
    try {
      this.#write();
    } finally {
      closeSync(this.#descriptor);
      this.#descriptor = null;
    }
  }

  #keep(entry: Reject | ImplausibleCell): void {
    if (this.#descriptor === null) return;
    this.#buffer += `${JSON.stringify(entry)}\n`;
    if (this.#buffer.length >= WRITE_AT_BYTES) this.#write();
  }

  #write(): void {
    if (this.#descriptor === null) return;
    try {
      const bytes = Buffer.from(this.#buffer);
      this.#buffer = "";
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (cause) {
      throw outputError(WHAT, this.#label, cause);
    }
  }
}
