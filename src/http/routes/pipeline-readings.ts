import { Readable } from "node:stream";
import { type IngestedPiece, type IngestOptions, ingest } from "../ingest.ts";
import { readNdjson } from "../ndjson.ts";
import { toProblem } from "../problems/to-problem.ts";
import type { RouteGroup, Services } from "../route-group.ts";
import { readingsBody, readingsQuery, readingsReply } from "../schema/pipelines.ts";
import { nameParams } from "../schema/values.ts";

const END = Buffer.from("]}");
const LINE_END = Buffer.from("\n");

/** Readings in, results out, in one call. */
export const pipelineReadingRoutes: RouteGroup = (app, services) => {
  app.post(
    "/v1/ml/pipelines/:name/readings",
    {
      config: { takes: "readings" },
      schema: {
        tags: ["Pipelines"],
        summary: "Send readings",
        consumes: ["application/json", "application/x-ndjson"],
        description:
          "Appends rows, computes features, scores and alerts, and tells what came of each row. A row " +
          "that can't be used is told and left out; its neighbours stay. With " +
          "`content-type: application/x-ndjson` rows are taken one a line as they arrive, and results " +
          "come back one a line, with a summary in the last. Buffers are pipelines too, without alerts.",
        params: nameParams,
        querystring: readingsQuery,
        body: readingsBody,
        response: { 200: readingsReply },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { results: wanted, strict } = request.query;
      services.hub.buffer(name);
      if (request.body instanceof Readable) {
        const lines = resultLines(services, name, request.body, {
          wanted,
          strict,
          separator: "\n",
        });
        return reply.type("application/x-ndjson").send(Readable.from(lines) as never);
      }
      const { items, text } = itemsOf(request.body, request.bodyText);
      const options = { wanted, strict, separator: "," } as const;
      const told = await ingest(services, name, { items, offset: 0, text }, options);
      // written already: bytes go past the serializer
      return reply.type("application/json; charset=utf-8").send(replyBytes(told) as never);
    },
  );
};

function itemsOf(body: object, text: string): { items: readonly unknown[]; text?: string } {
  if (Array.isArray(body)) return { items: body, text };
  const { rows } = body as { readonly rows?: unknown };
  return Array.isArray(rows) ? { items: rows, text } : { items: [body], text: `[${text}]` };
}

function replyBytes(told: IngestedPiece): Buffer {
  const head = Buffer.from(`{${countsText(told)},"results":[`);
  return Buffer.concat([head, told.results, END]);
}

function countsText(told: Omit<IngestedPiece, "results">): string {
  return (
    `"rows_appended":${told.rowsAppended},"rows_rejected":${told.rowsRejected},` +
    `"current_rows":${told.currentRows},"ignored_columns":${JSON.stringify(told.ignoredColumns)},` +
    `"warning_count":${told.warningCount},"alerts":${told.alerts}`
  );
}

async function* resultLines(
  services: Services,
  name: string,
  stream: Readable,
  options: IngestOptions,
): AsyncGenerator<Buffer | string> {
  const ignored = new Set<string>();
  let [rowsAppended, rowsRejected, currentRows, warningCount, alerts] = [0, 0, 0, 0, 0];
  try {
    for await (const piece of readNdjson(stream)) {
      const told = await ingest(services, name, piece, options);
      rowsAppended += told.rowsAppended;
      rowsRejected += told.rowsRejected;
      warningCount += told.warningCount;
      alerts += told.alerts;
      ({ currentRows } = told);
      for (const column of told.ignoredColumns) ignored.add(column);
      if (told.results.length > 0) yield Buffer.concat([told.results, LINE_END]);
    }
  } catch (error) {
    // the status is sent already
    yield `${JSON.stringify({ error: toProblem(error).toBody() })}\n`;
    return;
  }
  const ignoredColumns = [...ignored];
  const counts = { rowsAppended, rowsRejected, currentRows, ignoredColumns, warningCount, alerts };
  yield `{"summary":{${countsText(counts)}}}\n`;
}
