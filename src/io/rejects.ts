import { closeSync, openSync, writeSync } from "node:fs";
import type { Reject } from "./decoders/decode-context.ts";
import type { ImplausibleCell } from "./implausible.ts";
import { outputError } from "./output-error.ts";
import type { TimeReject } from "./time-rejects.ts";

const WHAT = "the reject file";
const MAX_EXAMPLES = 10;
const WRITE_AT_BYTES = 65_536;

/**
 * Counts rejects, keeps the first ten in memory and, given a file, writes all of them as JSON lines (`input`, `line`,
 * `reason`, `detail`, `text`; of a reading whose time is not believed `input`, `row`, `reason`, `detail`). It counts implausible values separately, and writes them too (`input`, `row`, `column`,
 * `value`, `reason`, `detail`); their rows stay.
 *
 * It writes synchronously, 64 kB at a time, which bounds the memory.
 */
export class RejectLog {
  readonly #label: string;
  readonly #counts = new Map<string, number>();
  readonly #examples: (Reject | TimeReject)[] = [];
  readonly #implausible = new Map<string, number>();
  #firstImplausible: ImplausibleCell | null = null;
  #total = 0;
  #descriptor: number | null = null;
  #buffer = "";

  /**
   * @param file The file; null: none.
   * @param label The path that the user gave, for errors.
   * @param mode Whether to replace an existing file or to append to it.
   * @throws {IotmonError} `ERR_CANT_CREATE` or `ERR_PERMISSION` if the file can't be created.
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

  /** Number of rejects so far. */
  get total(): number {
    return this.#total;
  }

  /** Rejects by reason, in order of first occurrence. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The first ten rejects. */
  get examples(): readonly (Reject | TimeReject)[] {
    return this.#examples;
  }

  /** Implausible values by column. */
  get implausible(): ReadonlyMap<string, number> {
    return this.#implausible;
  }

  /** The first implausible value; null: none. */
  get firstImplausible(): ImplausibleCell | null {
    return this.#firstImplausible;
  }

  /**
   * Adds a reject.
   *
   * @throws {IotmonError} `ERR_IO` if the file can't be written.
   */
  add(reject: Reject | TimeReject): void {
    this.#total += 1;
    this.#counts.set(reject.reason, (this.#counts.get(reject.reason) ?? 0) + 1);
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(reject);
    this.#keep(reject);
  }

  /**
   * Adds an implausible value.
   *
   * @throws {IotmonError} `ERR_IO` if the file can't be written.
   */
  addImplausible(cell: ImplausibleCell): void {
    const { column } = cell;
    this.#implausible.set(column, (this.#implausible.get(column) ?? 0) + 1);
    this.#firstImplausible ??= cell;
    this.#keep(cell);
  }

  /**
   * Writes all pending lines.
   *
   * @throws {IotmonError} `ERR_IO` if the file can't be written; the pending lines are then lost, but counted.
   */
  flush(): void {
    if (this.#buffer !== "") this.#write();
  }

  /**
   * Writes all pending lines and closes the file. Further calls have no effect.
   *
   * @throws {IotmonError} `ERR_IO` if the file can't be written.
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

  #keep(entry: Reject | TimeReject | ImplausibleCell): void {
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
