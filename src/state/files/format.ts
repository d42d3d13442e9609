/**
 * The version of the format of a state directory: a number in the file `format`, which every version of iotmon reads,
 * and the same with a checksum in `format.check`. Without it, one flipped bit would look like a later version.
 *
 * @module
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { IotmonError } from "../../core/errors.ts";
import { syncFolder } from "../sync-folder.ts";
import { FILE_MODE } from "./private-files.ts";

const FORMAT = 3;

/** Name of the file that every version reads. */
export const FORMAT_FILE = "format";
const CHECK_FILE = "format.check";

/** A format as it was found; `none` for a new directory, `damaged` if the file is not intact. */
export type FoundFormat = number | "none" | "damaged";

/**
 * Reads the format of a state directory.
 *
 * @throws {IotmonError} `ERR_STATE` if a later iotmon wrote the directory.
 */
export async function readFormat(folder: string): Promise<FoundFormat> {
  const stated = numberIn(await textOf(join(folder, FORMAT_FILE)));
  const checked = await checkedFormat(folder);
  const isLater = typeof stated === "number" && stated > FORMAT;
  if (checked !== null && checked <= FORMAT) {
    return isLater || stated === "none" ? "damaged" : stated;
  }
  if (checked === null && !isLater) return stated;
  throw new IotmonError(
    "ERR_STATE",
    `the state directory has format ${checked ?? stated}, this iotmon knows up to ${FORMAT}`,
    { at: folder, hint: "Use the newer iotmon that wrote it, or name another directory" },
  );
}

/** Writes the format of this version, unless it is there. */
export async function writeFormat(folder: string, found: FoundFormat): Promise<void> {
  if (found === FORMAT && (await checkedFormat(folder)) === FORMAT) return;
  // the check comes first: after a crash between the two, no older version opens the directory
  await replace(folder, CHECK_FILE, `${FORMAT} ${checksum(FORMAT)}\n`);
  await replace(folder, FORMAT_FILE, `${FORMAT}\n`);
  await syncFolder(folder);
}

async function checkedFormat(folder: string): Promise<number | null> {
  const text = await textOf(join(folder, CHECK_FILE));
  const [, format = "", sum = ""] = /^(\d{1,9}) ([0-9a-f]+)\n$/.exec(text ?? "") ?? [];
  return sum !== "" && sum === checksum(Number(format)) ? Number(format) : null;
}

function numberIn(text: string | null): FoundFormat {
  if (text === null) return "none";
  const digits = /^(\d{1,9})\n$/.exec(text)?.[1];
  return digits === undefined ? "damaged" : Number(digits);
}

const checksum = (format: number): string => crc32(`format ${format}`).toString(16);

async function textOf(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    if (cause.code === "EISDIR") return "";
    throw cause;
  });
}

async function replace(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, `${name}.new`);
  await writeFile(draft, text, { flush: true, mode: FILE_MODE });
  await rename(draft, join(folder, name));
}
