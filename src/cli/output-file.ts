import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { outputError } from "../io/output-error.ts";

/**
 * Writes a new file.
 *
 * @param what Noun for errors: `the pipeline file`.
 * @param output Path as the user named it, relative to `cwd`.
 * @throws {IotmonError} `ERR_CANT_CREATE` when the file exists or its folder does not, `ERR_PERMISSION`,
 * `ERR_IO`.
 */
export async function createFile(
  what: string,
  output: string,
  text: string,
  cwd: string,
): Promise<void> {
  try {
    await writeFile(resolve(cwd, output), text, { flag: "wx" });
  } catch (cause) {
    throw outputError(what, output, cause);
  }
}
