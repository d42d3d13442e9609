import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { outputError } from "../io/output-error.ts";
import { findTarget, type Target } from "../io/output-file.ts";

const WHAT = "the report";

/** The file of a report: found to be writable before a run, and there only once it is complete. */
export class ReportFile {
  readonly #label: string;
  readonly #target: Target;
  readonly #handle: FileHandle;

  private constructor(label: string, target: Target, handle: FileHandle) {
    this.#label = label;
    this.#target = target;
    this.#handle = handle;
  }

  /**
   * @param label The path as the user named it, for errors.
   * @throws {IotmonError} `ERR_CANT_CREATE` or `ERR_PERMISSION` when the file can't be made.
   */
  static async open(path: string, label: string): Promise<ReportFile> {
    try {
      const target = await findTarget(path);
      return new ReportFile(label, target, await open(target.written, "w"));
    } catch (cause) {
      throw outputError(WHAT, label, cause);
    }
  }

  /**
   * Writes the whole and puts it in its place. An earlier report of that name is replaced.
   *
   * @throws {IotmonError} `ERR_IO`, e.g. when the disk is full; what was written is then removed.
   */
  async write(text: string): Promise<void> {
    try {
      await this.#handle.appendFile(text);
      await this.#handle.close();
      const { written, final } = this.#target;
      if (final !== null) await rename(written, final);
    } catch (cause) {
      await this.discard();
      throw outputError(WHAT, this.#label, cause);
    }
  }

  /** Gives up, and leaves an earlier report of that name as it was. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {}); // it may be closed already
    const { written, final } = this.#target;
    if (final !== null) await rm(written, { force: true });
  }
}
