import { dirname } from "node:path";
import { type ErrorCode, IotmonError } from "../core/errors.ts";

type Reason = readonly [code: ErrorCode, why: (folder: string) => string, hint?: string];

const MAY_WRITE = "Name a folder that you may write to";
const REASONS: Readonly<Record<string, Reason>> = {
  EEXIST: ["ERR_CANT_CREATE", () => "it exists already", "Choose another name, or delete it first"],
  EISDIR: ["ERR_CANT_CREATE", () => "it is a folder", "Name a file in it"],
  ENOENT: [
    "ERR_CANT_CREATE",
    (folder) => `there is no folder ${folder}`,
    "Create the folder first",
  ],
  ENOTDIR: ["ERR_CANT_CREATE", (folder) => `${folder} is not a folder`, "Name a file in a folder"],
  EROFS: ["ERR_CANT_CREATE", (folder) => `${folder} is read-only`, MAY_WRITE],
  EACCES: ["ERR_PERMISSION", (folder) => `no permission to write to ${folder}`, MAY_WRITE],
  EPERM: ["ERR_PERMISSION", (folder) => `no permission to write to ${folder}`, MAY_WRITE],
  ENOSPC: ["ERR_IO", () => "the disk is full", "Free some space, or write to another disk"],
  EDQUOT: ["ERR_IO", () => "your disk quota is used up", "Free some space, or write elsewhere"],
  EPIPE: ["ERR_IO", () => "the reader of the pipe has closed it"],
};

/**
 * The error for a file of the user that can't be created or written.
 *
 * @param what Description of the file, e.g. `the scores file`.
 * @param path The path that the user gave.
 */
export function outputError(what: string, path: string, cause: unknown): IotmonError {
  const known = cause instanceof Error && "code" in cause ? REASONS[String(cause.code)] : undefined;
  const [code, why, hint] = known ?? ["ERR_IO", () => String(cause)];
  const message = `${what} can't be written: ${why(dirname(path))}`;
  return new IotmonError(code, message, { at: path, hint, cause });
}
