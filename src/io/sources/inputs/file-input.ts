import { createReadStream } from "node:fs";
import { access, constants, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import { closest } from "fastest-levenshtein";
import { IotmonError } from "../../../core/errors.ts";
import { Input } from "./input.ts";

/** Bytes per read. */
const CHUNK_BYTES = 1_048_576;

/**
 * A file or named pipe as an {@link Input}. Opens it at the first read.
 *
 * @param path As the user gave it, relative to `cwd`.
 * @throws {IotmonError} `ERR_NO_INPUT` if the file does not exist or is a folder;
 * `ERR_PERMISSION` if it is not readable.
 */
export async function fileInput(path: string, cwd: string): Promise<Input> {
  const absolute = resolve(cwd, path);
  try {
    const stats = await stat(absolute);
    if (stats.isDirectory()) {
      const hint = `Name its files: "${path.replace(/\/+$/, "")}/*.csv"`;
      throw new IotmonError("ERR_NO_INPUT", "the input is a folder", { at: path, hint });
    }
    await access(absolute, constants.R_OK);
    return new Input({
      label: path,
      stem: stemOf(path),
      path: stats.isFile() ? absolute : null,
      size: stats.isFile() ? stats.size : null,
      open: () => createReadStream(absolute, { highWaterMark: CHUNK_BYTES }),
    });
  } catch (cause) {
    throw cause instanceof IotmonError ? cause : await openError(path, absolute, cause);
  }
}

/** `x` for `x.csv`, `x.csv.gz` and `x.csv.zip`. */
export function stemOf(path: string): string {
  const unpacked = path.replace(/\.(?:gz|zip)$/i, "");
  return basename(unpacked, extname(unpacked));
}

/** Why a file can't be opened, as an error for the user. */
export async function openError(
  path: string,
  absolute: string,
  cause: unknown,
): Promise<IotmonError> {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    const hint = await suggestFile(path, absolute);
    return new IotmonError("ERR_NO_INPUT", "there is no such file", { at: path, hint, cause });
  }
  if (code === "EACCES" || code === "EPERM") {
    const hint = "Ask its owner for permission to read it";
    return new IotmonError("ERR_PERMISSION", "no permission to read the file", {
      at: path,
      hint,
      cause,
    });
  }
  return new IotmonError("ERR_IO", `the file can't be opened: ${message}`, { at: path, cause });
}

async function suggestFile(path: string, absolute: string): Promise<string | undefined> {
  const folder = dirname(absolute);
  const names = await readdir(folder).catch(() => null);
  if (names === null) return `There is no folder "${dirname(path)}"`;
  if (names.length === 0) return undefined;
  return `Did you mean "${path.slice(0, path.length - basename(path).length)}${closest(basename(path), names)}"?`;
}
