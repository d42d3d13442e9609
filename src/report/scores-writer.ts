import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { extname } from "node:path";
import type { SequencedBatch } from "../core/batch.ts";
import { IotmonError } from "../core/errors.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import { outputError } from "../io/output-error.ts";
import { type ScoresFormat, ScoresLines, type ScoresOptions } from "./scores-lines.ts";

const WHAT = "the scores file";
const CHUNK = 256 * 1024; // characters

/**
 * The format of a scores file, by the ending of its name.
 *
 * @throws {IotmonError} `ERR_USAGE` for an ending that stands for none.
 */
export function scoresFormat(path: string): ScoresFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".jsonl") return "jsonl";
  throw new IotmonError(
    "ERR_USAGE",
    extension === ""
      ? "the name of the scores file has no ending that says its format"
      : `scores can't be written as "${extension}"`,
    { at: path, hint: "Use a name that ends in .csv or .jsonl" },
  );
}

/**
 * Writes the scores file: one line a reading and detector, in input order. Lines go to a file of
 * another name beside the target, which takes the target's name on {@link close}: a run that breaks
 * leaves no half file behind under the name the user gave. A pipe or a device is written to directly.
 */
export class ScoresWriter {
  readonly #label: string;
  readonly #target: Target;
  readonly #handle: FileHandle;
  readonly #lines: ScoresLines;
  #chunk: string;

  private constructor(label: string, target: Target, handle: FileHandle, lines: ScoresLines) {
    this.#label = label;
    this.#target = target;
    this.#handle = handle;
    this.#lines = lines;
    this.#chunk = lines.header;
  }

  /**
   * @param path Ends in `.csv` or `.jsonl`, which decides the format.
   * @param label The path as the user named it, for errors.
   * @throws {IotmonError} `ERR_USAGE` for another ending; `ERR_CANT_CREATE` or `ERR_PERMISSION` when the
   * file can't be made.
   */
  static async open(path: string, options: ScoresOptions, label = path): Promise<ScoresWriter> {
    const lines = new ScoresLines(scoresFormat(path), options);
    try {
      const target = await findTarget(path);
      return new ScoresWriter(label, target, await open(target.written, "w"), lines);
    } catch (cause) {
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
      if (this.#target.final !== null) await rename(this.#target.written, this.#target.final);
    } catch (cause) {
      await this.discard();
      throw outputError(WHAT, this.#label, cause);
    }
  }

  /** Gives up: removes what was written and leaves an earlier file of that name as it was. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {}); // it may be closed already
    if (this.#target.final !== null) await rm(this.#target.written, { force: true });
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

/** Where bytes go, and where they belong once complete; null: they are there already. */
interface Target {
  readonly written: string;
  readonly final: string | null;
}

async function findTarget(path: string): Promise<Target> {
  // through a symbolic link, or the rename would replace the link and not the file
  const final = await realpath(path).catch(() => path);
  const known = await stat(final).catch(() => null);
  if (known?.isDirectory()) {
    throw Object.assign(new Error("The target is a folder"), { code: "EISDIR" });
  }
  if (known !== null && !known.isFile()) return { written: final, final: null };
  return { written: `${final}.${process.pid}.partial`, final };
}
