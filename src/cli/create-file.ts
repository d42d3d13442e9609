import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ErrorCode, IotmonError } from "../core/errors.ts";

const REASONS: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  EEXIST: ["ERR_CANT_CREATE", "exists already", "Choose another name, or delete it first"],
  ENOENT: [
    "ERR_CANT_CREATE",
    "can't be created: there is no such folder",
    "Create the folder first",
  ],
  EACCES: ["ERR_PERMISSION", "may not be created", "Choose a folder that you may write to"],
};

/**
 * Writes a new file.
 *
 * @param output As the user named it, relative to `cwd`.
 * @throws {IotmonError} `ERR_CANT_CREATE` when it exists already or its folder does not, `ERR_PERMISSION`,
 * `ERR_IO`.
 */
export async function createFile(output: string, text: string, cwd: string): Promise<void> {
  try {
    await writeFile(resolve(cwd, output), text, { flag: "wx" });
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const [known, why, hint] = REASONS[code] ?? ["ERR_IO", `can't be written: ${message}`];
    throw new IotmonError(known, `${output} ${why}`, { cause, at: output, hint });
  }
}
