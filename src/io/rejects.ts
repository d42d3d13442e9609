import { closeSync, openSync, writeSync } from "node:fs";
import { IotmonError } from "../core/errors.ts";
import type { Reject } from "./decoders/decoder.ts";

const MAX_EXAMPLES = 10;
const WRITE_AT_BYTES = 65_536;

/**
 * Counts what could not be read, keeps the first few in memory and, if there is a file, writes all to it
 * as JSON lines (`input`, `line`, `reason`, `detail`, `text`).
 *
 * Writing is synchronous, 64 kB at a time: so memory stays bounded however fast rejects come.
 */
export class RejectLog {
  readonly #file: string | null;
  readonly #counts = new Map<string, number>();
  readonly #examples: Reject[] = [];
  #total = 0;
  #descriptor: number | null = null;
  #buffer = "";

  /**
   * @param file Where to write; null: nowhere. An existing file is replaced.
   * @throws {IotmonError} `ERR_CANT_CREATE` when the file can't be created.
   */
  constructor(file: string | null = null) {
    this.#file = file;
    if (file === null) return;
    try {
      this.#descriptor = openSync(file, "w");
    } catch (cause) {
      throw new IotmonError("ERR_CANT_CREATE", `the reject file can't be created: ${why(cause)}`, {
        at: file,
        hint: "Name a file in a folder that exists and that you may write to",
        cause,
      });
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
      const what = `the reject file can't be written: ${why(cause)}`;
      throw new IotmonError("ERR_IO", what, { at: this.#file ?? undefined, cause });
    }
  }
}

function why(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
