import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import type { Readable } from "node:stream";
import { IotmonError } from "../../../core/errors.ts";
import { stdinInput } from "../stdin.ts";
import { fileInput } from "./file-input.ts";
import type { Input } from "./input.ts";

/** The surroundings of inputs. */
export interface InputPlace {
  readonly cwd: string;
  readonly stdin: Readable;
  /** Runs work that blocks the thread, up to some seconds. Undefined: it just runs. */
  readonly blocking?: Blocking | undefined;
}

/** Runs work that blocks the thread, and lets the user stop the program meanwhile. */
export type Blocking = <T>(work: () => T) => T;

/**
 * The inputs of command-line arguments or `source.path`: files in the given order, the files of a glob by name, and
 * `-` for stdin. Opens nothing.
 *
 * @throws {IotmonError} `ERR_NO_INPUT` if a file is missing or a glob matches nothing, `ERR_PERMISSION` if a file is
 * not readable, `ERR_USAGE` if stdin is named twice.
 */
export async function expandInputs(
  paths: readonly string[],
  { cwd, stdin }: InputPlace,
): Promise<readonly Input[]> {
  if (paths.filter((path) => path === "-").length > 1) {
    throw new IotmonError("ERR_USAGE", "stdin is named twice, but can be read only once", {
      hint: `Give "-" once`,
    });
  }
  const inputs: Input[] = [];
  for (const path of paths) {
    if (path === "-") inputs.push(stdinInput(stdin));
    else for (const file of await expandPath(path, cwd)) inputs.push(await fileInput(file, cwd));
  }
  return inputs;
}

/** The files of a glob. An existing file such as `log[1].csv` is none. */
async function expandPath(path: string, cwd: string): Promise<readonly string[]> {
  if (await exists(resolve(cwd, path))) return [path];
  const { glob, isDynamicPattern } = await import("tinyglobby");
  if (!isDynamicPattern(path)) return [path];
  const files = await glob(path, {
    cwd,
    onlyFiles: true,
    expandDirectories: false,
    absolute: isAbsolute(path),
  });
  if (files.length === 0) {
    throw new IotmonError("ERR_NO_INPUT", "no file matches the pattern", {
      at: path,
      hint: `The working directory is ${cwd}`,
    });
  }
  return files.sort();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
