import { extname } from "node:path";
import { type CellType, csvToParquet } from "../../buffer/csv-to-parquet.ts";
import type { SequencedBatch } from "../../core/batch.ts";
import { IotmonError } from "../../core/errors.ts";
import { TextBytes } from "../../core/text-bytes/text-bytes.ts";
import type { EngineOutput } from "../../engine/engine-output.ts";
import { OutputFile } from "../../io/output-file.ts";
import { ScoresLines, type ScoresOptions } from "./scores-lines.ts";

/** Bytes of a write. */
const CHUNK = 256 * 1024;

/** File format of scores, given by the file name's extension. */
export type ScoresFormat = "csv" | "jsonl" | "parquet";

/** Column types in Parquet; all other columns are numbers. */
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
 * The format of a scores file by its extension.
 *
 * @throws {IotmonError} `ERR_USAGE` for an unknown extension.
 */
function scoresFormat(path: string): ScoresFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".jsonl") return "jsonl";
  if (extension === ".parquet") return "parquet";
  throw new IotmonError(
    "ERR_USAGE",
    extension === ""
      ? "the name of the scores file has no extension that gives its format"
      : `scores can't be written as "${extension}"`,
    { at: path, hint: "Use a name that ends in .csv, .jsonl or .parquet" },
  );
}

/**
 * Writes the scores file: one line per reading and detector, in input order.
 *
 * Parquet is converted from CSV lines at the end, in bounded memory; the disk holds both until then.
 */
export class ScoresWriter {
  readonly #file: OutputFile;
  readonly #format: ScoresFormat;
  readonly #lines: ScoresLines;
  /** Lines to be written, and memory for lines while those are being written. */
  #chunk = new TextBytes(CHUNK);
  #spare = new TextBytes(CHUNK);
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: OutputFile, format: ScoresFormat, lines: ScoresLines) {
    this.#file = file;
    this.#format = format;
    this.#lines = lines;
    this.#chunk.add(new TextEncoder().encode(lines.header));
  }

  /**
   * @param path Ends in `.csv`, `.jsonl` or `.parquet`, which gives the format.
   * @param label The path as the user named it, for errors.
   * @throws {IotmonError} `ERR_USAGE` for another extension, or Parquet into a pipe; else as
   * {@link OutputFile.open}.
   */
  static async open(path: string, options: ScoresOptions, label = path): Promise<ScoresWriter> {
    const format = scoresFormat(path);
    const lines = new ScoresLines(format === "jsonl" ? format : "csv", options);
    const pipeError = format === "parquet" ? () => parquetIntoPipe(label) : undefined;
    const file = await OutputFile.open(path, "the scores file", label, pipeError);
    return new ScoresWriter(file, format, lines);
  }

  /**
   * Adds the lines of rows `first` to `end` (exclusive). The output must not change until the promise
   * resolves. The file may get them later.
   *
   * @throws {IotmonError} As {@link OutputFile.append}, also for earlier lines.
   */
  async write(
    batch: SequencedBatch,
    output: EngineOutput,
    first = 0,
    end = batch.length,
  ): Promise<void> {
    for (let row = first; row < end; row++) {
      this.#lines.add(this.#chunk, batch, output, row);
      if (this.#chunk.length >= CHUNK) await this.#flush();
    }
  }

  /** Writes the rest and completes the file. @throws {IotmonError} As {@link OutputFile.close}. */
  async close(): Promise<void> {
    await this.#flush();
    await this.#writing;
    if (this.#format !== "parquet") return this.#file.close();
    const types = this.#lines.columns.map((name) => [name, TYPES[name] ?? "number"] as const);
    return this.#file.close((from, to) => csvToParquet(from, to, new Map(types)));
  }

  /** Removes the written part; an earlier file of that name stays. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.discard();
  }

  /** Begins to write the lines so far. */
  async #flush(): Promise<void> {
    await this.#writing;
    const chunk = this.#chunk;
    this.#chunk = this.#spare;
    this.#spare = chunk;
    this.#writing = this.#file.append(chunk.take());
    this.#writing.catch(() => {}); // the next write throws it
  }
}

function parquetIntoPipe(label: string): IotmonError {
  return new IotmonError("ERR_USAGE", "scores can't be written as Parquet into a pipe or device", {
    at: label,
    hint: "Name a file, or write .csv or .jsonl",
  });
}
