import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { SequencedBatch } from "../core/batch.ts";
import { IotmonError } from "../core/errors.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import { type ScoresFormat, ScoresLines, type ScoresOptions } from "./scores-lines.ts";

const CHUNK = 256 * 1024; // characters

/**
 * Writes the scores file: one line a reading and detector, in input order. Lines go to a file of
 * another name beside the target, which takes the target's name on {@link close}: a run that breaks
 * leaves no half file behind under the name the user gave. A pipe or a device is written to directly.
 */
export class ScoresWriter {
  readonly #path: string;
  readonly #target: Target;
  readonly #handle: FileHandle;
  readonly #lines: ScoresLines;
  #chunk: string;

  private constructor(path: string, target: Target, handle: FileHandle, lines: ScoresLines) {
    this.#path = path;
    this.#target = target;
    this.#handle = handle;
    this.#lines = lines;
    this.#chunk = lines.header;
  }

  /**
   * @param path Ends in `.csv` or `.jsonl`, which decides the format.
   * @throws {IotmonError} `ERR_USAGE` for another ending; `ERR_CANT_CREATE` when the file can't be made.
   */
  static async open(path: string, options: ScoresOptions): Promise<ScoresWriter> {
    const lines = new ScoresLines(formatOf(path), options);
    const target = await findTarget(path);
    try {
      return new ScoresWriter(path, target, await open(target.written, "w"), lines);
    } catch (cause) {
      throw cannotCreate(path, cause);
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
      throw cannotWrite(this.#path, cause);
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
      throw cannotWrite(this.#path, cause);
    }
  }
}

/** Where bytes go, and where they belong once complete; null: they are there already. */
interface Target {
  readonly written: string;
  readonly final: string | null;
}

function formatOf(path: string): ScoresFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".jsonl") return "jsonl";
  throw new IotmonError(
    "ERR_USAGE",
    extension === ""
      ? `Cannot tell the format of the scores file "${path}": it has no extension`
      : `Scores cannot be written as "${extension}"`,
    { at: path, hint: "Use a name that ends in .csv or .jsonl" },
  );
}

async function findTarget(path: string): Promise<Target> {
  // through a symbolic link, or the rename would replace the link and not the file
  const final = await realpath(path).catch(() => path);
  const known = await stat(final).catch(() => null);
  if (known?.isDirectory()) {
    throw new IotmonError("ERR_CANT_CREATE", `Cannot write scores to "${path}": it is a folder`, {
      at: path,
      hint: "Name a file in it",
    });
  }
  if (known !== null && !known.isFile()) return { written: final, final: null };
  return { written: `${final}.${process.pid}.partial`, final };
}

function cannotCreate(path: string, cause: unknown): IotmonError {
  const [why, hint] = {
    ENOENT: [`there is no folder ${dirname(path)}`, "Create the folder first"],
    ENOTDIR: [`${dirname(path)} is not a folder`, "Name a file in a folder"],
    EACCES: [`no permission to write to ${dirname(path)}`, "Name a folder you may write to"],
    EROFS: [`${dirname(path)} is read-only`, "Name a folder you may write to"],
  }[codeOf(cause)] ?? [String(cause), undefined];
  const message = `Cannot create the scores file "${path}": ${why}`;
  return new IotmonError("ERR_CANT_CREATE", message, { at: path, hint, cause });
}

function cannotWrite(path: string, cause: unknown): IotmonError {
  const [why, hint] = {
    ENOSPC: ["the disk is full", "Free some space, or write to another disk"],
    EDQUOT: ["your disk quota is used up", "Free some space, or write to another disk"],
    EPIPE: ["the reader of the pipe has gone", undefined],
  }[codeOf(cause)] ?? [String(cause), undefined];
  const message = `Cannot write the scores file "${path}": ${why}`;
  return new IotmonError("ERR_IO", message, { at: path, hint, cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
