import { readFile } from "node:fs/promises";
import { type ErrorCode, IotmonError } from "../core/errors.ts";
import type { Variables } from "./check/variables.ts";
import type { LoadedPipeline } from "./loaded-pipeline.ts";
import { parsePipeline } from "./parse.ts";

const REASONS: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  ENOENT: ["ERR_NO_INPUT", "does not exist", "Check the path, or make one with `iotmon init`"],
  EISDIR: ["ERR_NO_INPUT", "is a directory", "Name the pipeline file in it"],
  EACCES: ["ERR_PERMISSION", "can't be read: permission denied", "Check its permissions"],
};

/**
 * Reads a pipeline file.
 *
 * @param path For the file system.
 * @param label Path as the user gave it, for messages.
 * @throws {IotmonError} `ERR_NO_INPUT`, `ERR_PERMISSION` or `ERR_IO` when it can't be read,
 * `ERR_CONFIG` as {@link parsePipeline}.
 */
export async function loadPipeline(
  path: string,
  label: string,
  variables: Variables,
): Promise<LoadedPipeline> {
  return parsePipeline(await readPipelineText(path, label), label, variables);
}

/**
 * The text of a pipeline file, or of a test file.
 *
 * @param what Which of them, for messages.
 * @throws {IotmonError} `ERR_NO_INPUT`, `ERR_PERMISSION` or `ERR_IO`.
 */
export async function readPipelineText(
  path: string,
  label: string,
  what = "the pipeline file",
): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const [known, why, hint] = REASONS[code] ?? ["ERR_IO", `can't be read: ${message}`, undefined];
    throw new IotmonError(known, `${what} ${why}`, { cause, at: label, hint });
  }
}
