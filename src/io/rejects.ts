import { closeSync, openSync, writeSync } from "node:fs";
import type { Reject } from "./decoders/decoder.ts";
import { outputError } from "./output-error.ts";

const WHAT = "the reject file";
const MAX_EXAMPLES = 10;
const WRITE_AT_BYTES = 65_536;

/**
 * Counts what could not be read, keeps the first few in memory and, if there is a file, writes all to it
 * as JSON lines (`input`, `line`, `reason`, `detail`, `text`).
 *
 * Writing is synchronous, 64 kB at a time: so memory stays bounded however fast rejects come.
 */
export class RejectLog {
  readonly #label: string;
  readonly #counts = new Map<string, number>();
  readonly #examples: Reject[] = [];
  #total = 0;
  #descriptor: number | null = null;
  #buffer = "";

  /**
   * @param file Where to write; null: nowhere. An existing file is replaced.
   * @param label The file as the user named it, for errors.
   * @throws {IotmonError} `ERR_CANT_CREATE` or `ERR_PERMISSION` when the file can't be created.
   */
  constructor(file: string | null = null, label?: string) {
    this.#label = label ?? file ?? "";
    if (file === null) return;
    try {
      this.#descriptor = openSync(file, "w");
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

  /**
   * Takes one reject.
   *
   * @throws {IotmonError} `ERR_IO` when the file can't be written.
   */
  add(reject: Reject): void {
    this.#total += 1;
    this.#counts.set(reject.reason, (this.#counts.get(reject.reason) ?? 0) + 1);
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(reject);
    if (this.#descriptor === null) return;
    this.#buffer += `${JSON.stringify(reject)}\n`;
    if (this.#buffer.length >= WRITE_AT_BYTES) this.#write();
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
