import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadPipeline } from "../../config/load.ts";
import { STATE_ROOT, statePath } from "../../config/state-path.ts";
import { IotmonError } from "../../core/errors.ts";
import type { CliContext } from "../context.ts";
import type { STATE_OPTIONS } from "../options/kinds.ts";
import type { OptionsOf } from "../options/table.ts";

/**
 * The state directory for a command: that of `--state`, that of the pipeline of `-p`, or the only one in
 * `.iotmon`.
 *
 * @throws {IotmonError} `ERR_USAGE` when `.iotmon` has no or several directories; as {@link loadPipeline}.
 */
export async function findState(
  { state, pipeline }: OptionsOf<typeof STATE_OPTIONS>,
  { cwd, env }: CliContext,
): Promise<string> {
  if (state !== undefined) return state;
  if (pipeline !== undefined) {
    return statePath(await loadPipeline(resolve(cwd, pipeline), pipeline, env));
  }
  const found = await readdir(resolve(cwd, STATE_ROOT)).catch(() => []);
  const [only, ...others] = found.sort();
  if (only !== undefined && others.length === 0) return join(STATE_ROOT, only);
  const hint =
    only === undefined
      ? "Add --state DIR, or -p PIPELINE to use that of a pipeline"
      : `Add --state DIR: ${found.map((name) => join(STATE_ROOT, name)).join(", ")}`;
  const many = only === undefined ? `${STATE_ROOT} has none` : `${STATE_ROOT} has several`;
  throw new IotmonError("ERR_USAGE", `name a state directory: ${many}`, { hint });
}
