import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import { createSinks } from "../../config/sinks/create-sinks.ts";
import type { OutboxSink } from "../../io/outbox/outbox-options.ts";
import { sinkTypeOf } from "../../io/sinks/registry.ts";
import type { CliContext, GlobalOptions } from "../context.ts";
import { programVersion } from "../process/program-version.ts";
import { createChalk, sinkPainter } from "../render/color.ts";

/** The pipeline without sinks to the output of the program, for commands that print alerts themselves. */
export function withoutOutputSinks(pipeline: LoadedPipeline): LoadedPipeline {
  const sinks = pipeline.config.sinks.filter(({ type }) => sinkTypeOf(type).target !== "output");
  return { ...pipeline, config: { ...pipeline.config, sinks } };
}

/**
 * Creates the sinks of a pipeline from a file.
 *
 * @throws {IotmonError} As `createSinks`.
 */
export async function openSinks(
  pipeline: LoadedPipeline,
  { color }: Pick<GlobalOptions, "color">,
  { stdout, env, cwd }: CliContext,
): Promise<readonly OutboxSink[]> {
  return createSinks(pipeline, {
    origin: "file",
    cwd,
    version: await programVersion(),
    stream: stdout,
    painter: sinkPainter(createChalk(stdout, env, color)),
    now: Date.now,
  });
}
