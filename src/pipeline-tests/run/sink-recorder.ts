import { PassThrough } from "node:stream";
import type { LoadedPipeline } from "../../config/loaded-pipeline.ts";
import type { SinkConfig } from "../../config/schema/sinks/sinks.ts";
import { createSinks } from "../../config/sinks/create-sinks.ts";
import { sinkNames } from "../../config/sinks/sink-names.ts";
import type { AlertBody } from "../../io/messages/alert-schema.ts";
import type { OutboxSink } from "../../io/outbox/outbox-options.ts";
import type { PostRequest } from "../../io/sinks/posting/poster.ts";
import { sinkTypeOf } from "../../io/sinks/registry.ts";
import type { TestMessage, TestRequest } from "./outcome.ts";

/** Parts of the program that sinks need in a test. */
export interface SinkSetting {
  /** Base folder of the pipeline's relative paths. */
  readonly cwd: string;
  /** Version of the program. */
  readonly version: string;
}

/**
 * Records the requests of a pipeline's real sinks without sending them. The clock shows the time of each
 * message. Console and file sinks write nothing; the message itself is recorded instead.
 *
 * @param names Sinks to record.
 * @throws {IotmonError} As `createSinks`.
 */
export async function recordSinks(
  pipeline: LoadedPipeline,
  names: readonly string[],
  messages: readonly TestMessage[],
  { cwd, version }: SinkSetting,
): Promise<ReadonlyMap<string, readonly TestRequest[]>> {
  const all = sinkNames(pipeline.config.sinks);
  const sinks = pipeline.config.sinks
    .map((sink, i) => ({ ...sink, name: all[i] }))
    .filter(({ name = "" }) => names.includes(name));
  let now = 0;
  let posted: PostRequest[] = [];
  const configured = await createSinks(
    { ...pipeline, config: { ...pipeline.config, sinks } },
    {
      origin: "file",
      cwd,
      version,
      stream: new PassThrough(),
      painter: { severity: (_, text) => text, resolved: String, faint: String },
      now: () => now,
      post: (request) => {
        posted.push(request);
        return { kind: "delivered" };
      },
    },
  );
  const requests = new Map<string, readonly TestRequest[]>();
  for (const [i, sink] of configured.entries()) {
    const { type } = sinks[i] as SinkConfig;
    const sent: TestRequest[] = [];
    for (const { body, at } of messages) {
      if (!sink.accepts(body)) continue;
      now = at;
      posted = [];
      if (sinkTypeOf(type).target === "network") await deliver(sink, body);
      else sent.push({ headers: {}, body });
      sent.push(...posted.map(toRequest));
    }
    await sink.sink.close();
    requests.set(sink.sink.name, sent);
  }
  return requests;
}

async function deliver({ sink, timeoutMs }: OutboxSink, body: AlertBody): Promise<void> {
  await sink.deliver({ body, json: JSON.stringify(body) }, AbortSignal.timeout(timeoutMs));
}

function toRequest({ headers, body }: PostRequest): TestRequest {
  return { headers, body: JSON.parse(body) };
}
