import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { extname } from "node:path";
import { type CellType, csvToParquet } from "../../buffer/csv-to-parquet.ts";
import type { SequencedBatch } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import { outputError } from "../../io/output-error.ts";
import { findTarget, type Target } from "../../io/output-file.ts";
import { ScoresLines, type ScoresOptions } from "./scores-lines.ts";

const WHAT = "the scores file";
const CHUNK = 256 * 1024; // characters

/** A way to write the scores file: the ending of its name. */
export type ScoresFormat = "csv" | "jsonl" | "parquet";

/** Types of the columns in Parquet; those that are not listed are numbers. */
const TYPES: Readonly<Record<string, CellType>> = {
  row: "whole",
  file: "text",
  timestamp: "time",
  sensor_id: "text",
  detector: "text",
  is_anomaly: "flag",
  severity: "text",
};

/**
 * The format of a scores file, by the ending of its name.
 *
 * @throws {IotmonError} `ERR_USAGE` for an ending that stands for none.
 */
export function scoresFormat(path: string): ScoresFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".jsonl") return "jsonl";
  if (extension === ".parquet") return "parquet";
  throw new IotmonError(
    "ERR_USAGE",
    extension === ""
      ? "the name of the scores file has no ending that says its format"
      : `scores can't be written as "${extension}"`,
    { at: path, hint: "Use a name that ends in .csv, .jsonl or .parquet" },
  );
}

/**
 * Writes the scores file: one line a reading and detector, in input order. Lines go to a file of
 * another name beside the target, which takes the target's name on {@link close}: a run that breaks
 * leaves no half file behind under the name the user gave. A pipe or a device is written to directly.
 *
 * Parquet is made of CSV lines at the end, in bounded memory: until then it takes the room of both.
 */
export class ScoresWriter {
  readonly #label: string;
  readonly #target: Target;
  readonly #handle: FileHandle;
  readonly #format: ScoresFormat;
  readonly #lines: ScoresLines;
  #chunk: string;

  private constructor(
    label: string,
    target: Target,
    handle: FileHandle,
    format: ScoresFormat,
    lines: ScoresLines,
  ) {
    this.#label = label;
    this.#target = target;
    this.#handle = handle;
    this.#format = format;
    this.#lines = lines;
    this.#chunk = lines.header;
  }

  /**
   * @param path Ends in `.csv`, `.jsonl` or `.parquet`, which decides the format.
   * @param label The path as the user named it, for errors.
   * @throws {IotmonError} `ERR_USAGE` for another ending, and for Parquet into a pipe; `ERR_CANT_CREATE` or `ERR_PERMISSION` when the
   * file can't be made.
   */
  static async open(path: string, options: ScoresOptions, label = path): Promise<ScoresWriter> {
    const format = scoresFormat(path);
    const lines = new ScoresLines(format === "jsonl" ? format : "csv", options);
    try {
      const target = await findTarget(path);
      if (format === "parquet" && target.final === null) throw parquetIntoPipe(label);
      return new ScoresWriter(label, target, await open(target.written, "w"), format, lines);
    } catch (cause) {
      if (cause instanceof IotmonError) throw cause;
      throw outputError(WHAT, label, cause);
    }
  }

  /**
   * Adds the lines of rows `first` to `end` (exclusive) of a batch. Resolves when there is room for
   * more; until then the output must stay as it is.
   *
   * @throws {IotmonError} `ERR_IO`, e.g. when the disk is full; what was written is then removed.
   */
  async write(
    batch: SequencedBatch,
    output: EngineOutput,
    first = 0,
    end = batch.length,
  ): Promise<void> {
    for (let row = first; row < end; row++) {
      this.#chunk += this.#lines.of(batch, output, row);
      if (this.#chunk.length >= CHUNK) await this.#flush();
    }
  }

  /**
   * Writes what is left and puts the file in its place.
   *
   * @throws {IotmonError} `ERR_IO`, as {@link write}.
   */
  async close(): Promise<void> {
    await this.#flush();
    try {
      await this.#handle.close();
      const { written, final } = this.#target;
      if (final !== null) await rename(await this.#convert(written), final);
    } catch (cause) {
      await this.discard();
      throw outputError(WHAT, this.#label, cause);
    }
  }

  /** Gives up: removes what was written and leaves an earlier file of that name as it was. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {}); // it may be closed already
    if (this.#target.final === null) return;
    const { written } = this.#target;
    for (const file of [written, parquetOf(written)]) await rm(file, { force: true });
  }

  /** Turns what was written into the format that was asked for; returns the file that holds it. */
  async #convert(written: string): Promise<string> {
    if (this.#format !== "parquet") return written;
    const types = this.#lines.columns.map((name) => [name, TYPES[name] ?? "number"] as const);
    await csvToParquet(written, parquetOf(written), new Map(types));
    await rm(written);
    return parquetOf(written);
  }

  async #flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = "";
    try {
      await this.#handle.appendFile(chunk);
    } catch (cause) {
      await this.discard();
      throw outputError(WHAT, this.#label, cause);
    }
  }
}

function parquetOf(written: string): string {
  return `${written}.parquet`;
}

function parquetIntoPipe(label: string): IotmonError {
  return new IotmonError("ERR_USAGE", "scores can't be written as Parquet into a pipe or device", {
    at: label,
    hint: "Name a file, or write .csv or .jsonl",
  });
}
