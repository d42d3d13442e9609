import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadPipeline } from "../../config/load.ts";
import { STATE_ROOT, statePath } from "../../config/state-path.ts";
import { IotmonError } from "../../core/errors.ts";
import type { CliContext } from "../context.ts";

/** Options that say which state directory is meant. */
export interface StateFlags {
  readonly state?: string;
  readonly pipeline?: string;
}

/**
 * The state directory that is meant, as the user would name it: that of `--state`, that of the pipeline
 * of `-p`, or the only one there is.
 *
 * @throws {IotmonError} `ERR_USAGE` when that is not clear, and as {@link loadPipeline}.
 */
export async function findState(
  { state, pipeline }: StateFlags,
  { cwd, env }: CliContext,
): Promise<string> {
  if (state !== undefined && pipeline !== undefined) {
    throw new IotmonError("ERR_USAGE", "--state and --pipeline are given, one is enough");
  }
  if (state !== undefined) return state;
  if (pipeline !== undefined) {
    return statePath(await loadPipeline(resolve(cwd, pipeline), pipeline, env));
  }
  const found = await readdir(resolve(cwd, STATE_ROOT)).catch(() => []);
  const [only, ...others] = found.sort();
  if (only !== undefined && others.length === 0) return join(STATE_ROOT, only);
  const hint =
    only === undefined
      ? "Add --state DIR, or -p PIPELINE to take that of a pipeline"
      : `Add --state DIR: ${found.map((name) => join(STATE_ROOT, name)).join(", ")}`;
  const many = only === undefined ? `there is none in ${STATE_ROOT}` : "there are several";
  throw new IotmonError("ERR_USAGE", `which state directory is meant? ${many}`, { hint });
}
