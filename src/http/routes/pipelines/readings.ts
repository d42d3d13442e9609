import { Readable } from "node:stream";
import { lateSignal } from "../../listen/body-deadline.ts";
import { Problem } from "../../problems/problem.ts";
import { toProblem } from "../../problems/to-problem.ts";
import { cutStream } from "../../readings/cut-stream.ts";
import { type IngestedChunk, type IngestOptions, ingest } from "../../readings/ingest.ts";
import { readNdjson } from "../../readings/ndjson.ts";
import { REPLAYED, repeatableCall, repeatableHeaders } from "../../readings/repeatable.ts";
import type { RouteGroup, Services } from "../../route-group.ts";
import { readingsBody, readingsQuery, readingsReply } from "../../schema/pipelines.ts";
import { nameParams } from "../../schema/values.ts";

const NOT_FOR_STREAMS =
  "A stream of lines takes no idempotency-key: its results show what was saved. Send a list of rows instead.";
const END = Buffer.from("]}");
const LINE_END = Buffer.from("\n");

/** Sends readings and returns their results, in one call or as a stream. */
export const pipelineReadingRoutes: RouteGroup = (app, services) => {
  app.post(
    "/v1/ml/pipelines/:name/readings",
    {
      config: { accepts: "readings" },
      schema: {
        tags: ["Pipelines"],
        summary: "Send readings",
        consumes: ["application/json", "application/x-ndjson"],
        description:
          "Appends rows, computes features, scores and alerts, and returns the result of each row. An unusable " +
          "row has an error; the server processes the other rows. With " +
          "`content-type: application/x-ndjson` the server processes rows while they arrive, one per line, and " +
          "returns results one per line; the last line is a summary. A buffer works like a pipeline without alerts.",
        params: nameParams,
        querystring: readingsQuery,
        headers: repeatableHeaders,
        body: readingsBody,
        response: { 200: readingsReply },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { results: wanted, strict } = request.query;
      const key = request.headers["idempotency-key"];
      services.machine.buffer(name); // throws before a stream has sent its status
      if (request.body instanceof Readable) {
        if (key !== undefined) throw new Problem("invalid", NOT_FOR_STREAMS);
        const signals = [services.stopping, lateSignal(request.raw)];
        const body = cutStream(request.body, reply.raw, signals);
        const lines = resultLines(services, name, body, {
          wanted,
          strict,
          separator: "\n",
        });
        return reply.type("application/x-ndjson").send(Readable.from(lines) as never);
      }
      const { items, text } = itemsOf(request.body, request.bodyText);
      const once = repeatableCall(key, request.bodyText, { strict });
      const options = { wanted, strict, once, separator: "," } as const;
      const ingested = await ingest(services, name, { items, offset: 0, text }, options);
      if (ingested.isRepeated) reply.header(REPLAYED, "true");
      // bytes bypass the serializer
      return reply.type("application/json; charset=utf-8").send(replyBytes(ingested) as never);
    },
  );
};

/** @throws {Problem} `invalid`, if `rows` is not a list. */
function itemsOf(body: object, text: string): { items: readonly unknown[]; text?: string } {
  if (Array.isArray(body)) return { items: body, text };
  const { rows } = body as { readonly rows?: unknown };
  if (Array.isArray(rows)) return { items: rows, text };
  if (rows === undefined) return { items: [body], text: `[${text}]` };
  throw new Problem("invalid", "rows: must be a list of rows, [{...}, {...}].");
}

function replyBytes(ingested: IngestedChunk): Buffer {
  const head = Buffer.from(`{${countsText(ingested)},"results":[`);
  return Buffer.concat([head, ingested.results, END]);
}

function countsText(ingested: Omit<IngestedChunk, "results" | "isRepeated">): string {
  return (
    `"rows_appended":${ingested.rowsAppended},"rows_rejected":${ingested.rowsRejected},` +
    `"current_rows":${ingested.currentRows},"ignored_columns":${JSON.stringify(ingested.ignoredColumns)},` +
    `"warning_count":${ingested.warningCount},"alerts":${ingested.alerts}`
  );
}

async function* resultLines(
  services: Services,
  name: string,
  stream: Readable,
  options: IngestOptions,
): AsyncGenerator<Buffer | string> {
  const ignored = new Set<string>();
  let { currentRows } = services.machine.buffer(name);
  let [rowsAppended, rowsRejected, warningCount, alerts] = [0, 0, 0, 0];
  const summary = (): string => {
    const ignoredColumns = [...ignored];
    const counts = {
      rowsAppended,
      rowsRejected,
      currentRows,
      ignoredColumns,
      warningCount,
      alerts,
    };
    return `"summary":{${countsText(counts)}}`;
  };
  try {
    for await (const chunk of readNdjson(stream)) {
      const ingested = await ingest(services, name, chunk, options);
      rowsAppended += ingested.rowsAppended;
      rowsRejected += ingested.rowsRejected;
      warningCount += ingested.warningCount;
      alerts += ingested.alerts;
      ({ currentRows } = ingested);
      for (const column of ingested.ignoredColumns) ignored.add(column);
      if (ingested.results.length > 0) yield Buffer.concat([ingested.results, LINE_END]);
    }
  } catch (error) {
    // the status has been sent
    yield `{"error":${JSON.stringify(toProblem(error).toBody())},${summary()}}\n`;
    return;
  }
  yield `{${summary()}}\n`;
}
