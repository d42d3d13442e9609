import { resolve } from "node:path";
import { loadPipeline } from "../../../config/load.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import type { SinkConfig } from "../../../config/schema/sinks/sinks.ts";
import type { ConfiguredSink } from "../../../config/sinks/create-sinks.ts";
import { sinkNames } from "../../../config/sinks/sink-names.ts";
import { listNames, suggest } from "../../../config/suggest.ts";
import { IotmonError } from "../../../core/errors.ts";
import { sampleBody } from "../../../io/messages/sample-body.ts";
import { sinkTypeOf, sinkTypes } from "../../../io/sinks/registry.ts";
import type { Outcome } from "../../../io/sinks/sink.ts";
import type { CliContext } from "../../context.ts";
import { EXIT, exitCodeOf } from "../../exit-code.ts";
import { openSinks } from "../../pipelines/open-sinks.ts";
import { signalWithin } from "../../process/signal-within.ts";
import { createChalk } from "../../render/color.ts";
import { plainTable } from "../../render/plain-table.ts";
import type { WebhookTestOptions } from "./options.ts";

/** Types of sink that can be tried. */
const POSTING = sinkTypes.filter(({ posts }) => posts).map(({ type }) => type);

/** What one sink made of the message. */
interface Tried {
  readonly name: string;
  readonly outcome: Outcome;
  readonly ms: number;
}

/**
 * `iotmon webhook test`: a made-up message to each sink that posts, now and once.
 *
 * @returns The exit code: 69 when one does not take it.
 */
export async function runWebhookTest(
  options: WebhookTestOptions,
  context: CliContext,
): Promise<number> {
  const path = resolve(context.cwd, options.pipeline);
  const pipeline = chosen(await loadPipeline(path, options.pipeline, context.env), options);
  const sinks = await openSinks(pipeline, options, context);
  const tried = await Promise.all(sinks.map((sink) => trySink(sink, pipeline, context)));
  const color = createChalk(context.stdout, context.env, options.color);
  const rows = tried.map(({ name, outcome, ms }) => {
    const isTaken = outcome.kind === "delivered";
    const answer = isTaken ? (outcome.detail ?? "taken") : outcome.reason;
    return [name, `${Math.round(ms)} ms`, isTaken ? color.green(answer) : color.red(answer)];
  });
  const lines = plainTable(["SINK", "TIME", "ANSWER"], rows, color, [1]);
  context.stdout.write(`${lines.join("\n")}\n`);
  const isTaken = tried.every(({ outcome }) => outcome.kind === "delivered");
  return isTaken ? EXIT.ok : exitCodeOf("ERR_UNAVAILABLE");
}

/** The pipeline with no sinks but those to try, under the names they have in the file. */
function chosen(pipeline: LoadedPipeline, { sink: wanted }: WebhookTestOptions): LoadedPipeline {
  const names = sinkNames(pipeline.config.sinks);
  const posting = pipeline.config.sinks
    .map((sink, i): SinkConfig => ({ ...sink, name: names[i] }))
    .filter(({ type }) => sinkTypeOf(type).posts);
  const known = posting.flatMap(({ name }) => name ?? []);
  if (known.length === 0) {
    throw new IotmonError("ERR_USAGE", "the pipeline has no sink that posts", {
      at: pipeline.label,
      hint: `Sinks of these types can be tried: ${listNames(POSTING)}`,
    });
  }
  if (wanted !== undefined && !known.includes(wanted)) {
    throw new IotmonError("ERR_USAGE", `the pipeline has no sink "${wanted}" that posts`, {
      at: pipeline.label,
      hint: suggest(wanted, known, "Sinks are"),
    });
  }
  const sinks = posting
    .filter(({ name }) => wanted === undefined || name === wanted)
    .map((sink): SinkConfig => ({ ...sink, ...sinkTypeOf(sink.type).testSettings }));
  return { ...pipeline, config: { ...pipeline.config, sinks } };
}

async function trySink(
  { sink, timeoutMs }: ConfiguredSink,
  { name: pipeline }: LoadedPipeline,
  { signal }: CliContext,
): Promise<Tried> {
  const body = sampleBody(pipeline, Date.now());
  const start = performance.now();
  const limit = signalWithin(signal, timeoutMs);
  const outcome = await sink.deliver({ body, json: JSON.stringify(body) }, limit);
  const ms = performance.now() - start;
  await sink.close();
  return { name: sink.name, outcome, ms };
}
