import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import type { Readable } from "node:stream";
import { glob, isDynamicPattern } from "tinyglobby";
import { IotmonError } from "../../../core/errors.ts";
import { stdinInput } from "../stdin.ts";
import { fileInput } from "./file-input.ts";
import type { Input } from "./input.ts";

/** What inputs are relative to. */
export interface InputPlace {
  readonly cwd: string;
  readonly stdin: Readable;
}

/**
 * The inputs that command-line arguments or `source.path` name: files in the order given, a glob's files in
 * the order of their names, and `-` for stdin. Nothing is opened yet.
 *
 * @throws {IotmonError} `ERR_NO_INPUT` when a file is missing or a glob matches nothing, `ERR_PERMISSION`
 * when a file may not be read, `ERR_USAGE` when stdin is named twice.
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

/** A file whose name merely looks like a pattern, such as `log[1].csv`, is that file. */
async function expandPath(path: string, cwd: string): Promise<readonly string[]> {
  if (!isDynamicPattern(path) || (await exists(resolve(cwd, path)))) return [path];
  const files = await glob(path, {
    cwd,
    onlyFiles: true,
    expandDirectories: false,
    absolute: isAbsolute(path),
  });
  if (files.length === 0) {
    throw new IotmonError("ERR_NO_INPUT", "no file matches the pattern", {
      at: path,
      hint: `Looked from ${cwd}`,
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
