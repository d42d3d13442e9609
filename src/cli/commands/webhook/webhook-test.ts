import { resolve } from "node:path";
import { loadPipeline } from "../../../config/load.ts";
import type { LoadedPipeline } from "../../../config/loaded-pipeline.ts";
import type { SinkConfig } from "../../../config/schema/sinks/sinks.ts";
import { sinkNames } from "../../../config/sinks/sink-names.ts";
import { listNames, suggest } from "../../../config/suggest.ts";
import { IotmonError } from "../../../core/errors.ts";
import { sampleBody } from "../../../io/messages/sample-body.ts";
import type { OutboxSink } from "../../../io/outbox/outbox-options.ts";
import { sinkTypeOf, sinkTypes } from "../../../io/sinks/registry.ts";
import type { Outcome } from "../../../io/sinks/sink.ts";
import type { CliContext } from "../../context.ts";
import { EXIT, exitCodeOf } from "../../exit-code.ts";
import { openSinks } from "../../pipelines/open-sinks.ts";
import { signalWithin } from "../../process/signal-within.ts";
import { createChalk } from "../../render/color.ts";
import { plainTable } from "../../render/plain-table.ts";
import type { WebhookTestOptions } from "./options.ts";

/** Types of sinks that `webhook test` can send to. */
const POSTING = sinkTypes.filter(({ target }) => target === "network").map(({ type }) => type);

interface TestResult {
  readonly name: string;
  readonly outcome: Outcome;
  readonly ms: number;
}

/**
 * `iotmon webhook test`: sends one test message to each sink that posts, without retries.
 *
 * @returns The exit code: 69 when a sink does not accept it.
 */
export async function runWebhookTest(
  options: WebhookTestOptions,
  context: CliContext,
): Promise<number> {
  const path = resolve(context.cwd, options.pipeline);
  const loaded = await loadPipeline(path, options.pipeline, context.env);
  const pipeline = withTestedSinks(loaded, options);
  const sinks = await openSinks(pipeline, options, context);
  const results = await Promise.all(sinks.map((sink) => testSink(sink, pipeline, context)));
  const color = createChalk(context.stdout, context.env, options.color);
  const rows = results.map(({ name, outcome, ms }) => {
    const isAccepted = outcome.kind === "delivered";
    const answer = isAccepted ? (outcome.detail ?? "accepted") : outcome.reason;
    return [name, `${Math.round(ms)} ms`, isAccepted ? color.green(answer) : color.red(answer)];
  });
  const lines = plainTable(["SINK", "TIME", "ANSWER"], rows, color, [1]);
  context.stdout.write(`${lines.join("\n")}\n`);
  const areAccepted = results.every(({ outcome }) => outcome.kind === "delivered");
  return areAccepted ? EXIT.ok : exitCodeOf("ERR_UNAVAILABLE");
}

/** Returns the pipeline with only the sinks to test; they keep their names. */
function withTestedSinks(
  pipeline: LoadedPipeline,
  { sink: wanted }: WebhookTestOptions,
): LoadedPipeline {
  const names = sinkNames(pipeline.config.sinks);
  const posting = pipeline.config.sinks
    .map((sink, i): SinkConfig => ({ ...sink, name: names[i] }))
    .filter(({ type }) => sinkTypeOf(type).target === "network");
  const known = posting.flatMap(({ name }) => name ?? []);
  if (known.length === 0) {
    throw new IotmonError("ERR_USAGE", "the pipeline has no sink that posts", {
      at: pipeline.label,
      hint: `Sinks of these types post: ${listNames(POSTING)}`,
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

async function testSink(
  { sink, timeoutMs }: OutboxSink,
  { name: pipeline }: LoadedPipeline,
  { signal }: CliContext,
): Promise<TestResult> {
  const body = sampleBody(pipeline, Date.now());
  const start = performance.now();
  const limit = signalWithin(signal, timeoutMs);
  const outcome = await sink.deliver({ body, json: JSON.stringify(body) }, limit);
  const ms = performance.now() - start;
  await sink.close();
  return { name: sink.name, outcome, ms };
}
