import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseYaml } from "../config/document.ts";
import { loadPipeline } from "../config/load.ts";
import type { PipelineFile } from "../watch/pipeline/watched-pipeline.ts";
import type { CliContext } from "./context.ts";

/**
 * Reads a pipeline file.
 *
 * @throws {IotmonError} As `loadPipeline`.
 */
export async function loadPipelineFile(
  label: string,
  { cwd, env }: CliContext,
): Promise<PipelineFile> {
  const path = resolve(cwd, label);
  const loaded = await loadPipeline(path, label, env);
  return { loaded, document: parseYaml(await readFile(path, "utf8"), label).value };
}
