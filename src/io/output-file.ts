import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { IotmonError } from "../core/errors.ts";
import { outputError } from "./output-error.ts";

/**
 * A file that gets its name only when complete: a failed run leaves no partial file and keeps an earlier file of that
 * name. Writes directly to a pipe or device.
 */
export class OutputFile {
  readonly #what: string;
  readonly #label: string;
  readonly #handle: FileHandle;
  /** Path of the file while it is incomplete. */
  readonly #written: string;
  /** Its final name; null: a pipe or device. */
  readonly #final: string | null;

  private constructor(
    what: string,
    label: string,
    handle: FileHandle,
    written: string,
    final: string | null,
  ) {
    this.#what = what;
    this.#label = label;
    this.#handle = handle;
    this.#written = written;
    this.#final = final;
  }

  /**
   * @param what Description for errors, e.g. `the scores file`.
   * @param label The path that the user gave, for errors.
   * @param pipeError Creates the error for a pipe or device; default: they are accepted.
   * @throws {IotmonError} `ERR_CANT_CREATE` or `ERR_PERMISSION` if the file can't be created.
   */
  static async open(
    path: string,
    what: string,
    label: string,
    pipeError?: () => IotmonError,
  ): Promise<OutputFile> {
    try {
      // follows a symbolic link: the rename would replace the link, not the file
      const final = await realpath(path).catch(() => path);
      const known = await stat(final).catch(() => null);
      if (known?.isDirectory()) {
        throw Object.assign(new Error("The target is a folder"), { code: "EISDIR" });
      }
      const isPipe = known !== null && !known.isFile();
      if (isPipe && pipeError !== undefined) throw pipeError();
      const written = isPipe ? final : `${final}.${process.pid}.partial`;
      const handle = await open(written, "w");
      return new OutputFile(what, label, handle, written, isPipe ? null : final);
    } catch (cause) {
      throw cause instanceof IotmonError ? cause : outputError(what, label, cause);
    }
  }

  /**
   * Appends text. Encoded text must not change until the promise resolves.
   *
   * @throws {IotmonError} `ERR_IO`, e.g. if the disk is full; it then removes the written part.
   */
  async append(text: string | Uint8Array): Promise<void> {
    await this.#try(() => this.#handle.appendFile(text));
  }

  /**
   * Closes the file and gives it its name. Replaces an earlier file of that name.
   *
   * @param convert Writes another format to `to`, which then gets the name instead.
   * @throws {IotmonError} As {@link append}.
   */
  async close(convert?: (from: string, to: string) => Promise<void>): Promise<void> {
    await this.#try(async () => {
      await this.#handle.close();
      if (this.#final === null) return;
      if (convert !== undefined) {
        await convert(this.#written, this.#converted);
        await rm(this.#written);
      }
      await rename(convert === undefined ? this.#written : this.#converted, this.#final);
    });
  }

  /** Removes the written part; an earlier file of that name stays. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => {}); // may be closed already
    if (this.#final === null) return;
    for (const file of [this.#written, this.#converted]) await rm(file, { force: true });
  }

  get #converted(): string {
    return `${this.#written}.converted`;
  }

  async #try(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (cause) {
      await this.discard();
      throw outputError(this.#what, this.#label, cause);
    }
  }
}
