import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseYaml } from "../../config/document.ts";
import { loadPipeline } from "../../config/load.ts";
import { pipelineName } from "../../config/pipeline-name.ts";
import { STATE_ROOT, statePath } from "../../config/state-path.ts";
import type { PipelineFile } from "../../live/watch/watched-pipeline.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { LiveWatch } from "../live-watch.ts";
import { WatchNotes } from "../watch-notes.ts";
import { parseWatchFlags, type WatchFlags } from "../watch-options.ts";
import { WatchOutput } from "../watch-output.ts";
import { chooseSources } from "../watch-sources.ts";

/** Timers reach no further, ms. */
const MOST_WAIT_MS = 2 ** 31 - 1;

/** `iotmon watch`: until its sources end, or it is told to stop. @returns The exit code. */
export async function runWatch(
  names: readonly string[],
  flags: WatchFlags,
  context: CliContext,
): Promise<number> {
  const { forMs, limit } = parseWatchFlags(flags);
  const file = flags.pipeline === undefined ? null : await readFileOf(flags.pipeline, context);
  const sources = chooseSources(names, file?.loaded ?? null, flags, context);
  const stem = sources[0]?.source.stem ?? "";
  const own = file === null ? `${STATE_ROOT}/${pipelineName(stem)}` : statePath(file.loaded);
  const notes = new WatchNotes(flags, context);
  const watch = await LiveWatch.open(
    { state: flags.state ?? own, name: pipelineName(stem), file, flags },
    [new WatchOutput(flags, context), notes],
    context,
  );
  try {
    const time = forMs > MOST_WAIT_MS ? [] : [AbortSignal.timeout(forMs)];
    const readings = await watch.run(sources, limit, AbortSignal.any([context.signal, ...time]));
    notes.finish(readings);
  } finally {
    await watch.close();
  }
  return EXIT.ok;
}

async function readFileOf(label: string, { cwd, env }: CliContext): Promise<PipelineFile> {
  const path = resolve(cwd, label);
  const loaded = await loadPipeline(path, label, env);
  return { loaded, document: parseYaml(await readFile(path, "utf8"), label).value };
}
