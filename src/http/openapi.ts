import type { OpenAPIV3_1 } from "openapi-types";
import { PROBLEMS, problemType } from "./problems/catalog.ts";
import type { App } from "./route-group.ts";

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = OpenAPIV3_1.Document;

/** The general part of the document. @param basePath Prefix of all paths; empty: none. */
export function openApiInfo(version: string, basePath: string): Partial<OpenApiDocument> {
  return {
    openapi: "3.1.0",
    info: {
      title: "iotmon",
      version,
      description:
        "Rolling features and streaming anomaly detection for sensor readings. JSON in and out; " +
        "errors are problem details (RFC 9457).",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: basePath || "/" }],
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
    security: [{ token: [] }, {}],
  };
}

const problemSchema: OpenAPIV3_1.SchemaObject = {
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: {
      type: "string",
      enum: (Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[]).map(problemType),
      description: "Kind of the problem; stable.",
    },
    title: { type: "string", description: "Same text for every problem of this kind." },
    status: { type: "integer", description: "HTTP status." },
    detail: { type: "string", description: "What is wrong with this request, and what to do." },
    request_id: { type: "string", description: "Finds the request in the log." },
    errors: {
      type: "array",
      description: "Faults with their fields.",
      items: {
        type: "object",
        required: ["field", "in", "message"],
        properties: {
          field: { type: "string", description: "`features.0.window`" },
          in: { type: "string", enum: ["body", "query", "path", "header"] },
          pointer: { type: "string", description: "JSON pointer: `#/features/0/window`." },
          message: { type: "string" },
          hint: { type: "string" },
        },
      },
    },
  },
};

/** The OpenAPI document of all registered routes; every operation may also answer with a problem. */
export function openApiDocument(app: App): OpenApiDocument {
  const document = app.swagger() as OpenApiDocument;
  const operations = Object.values(document.paths ?? {}).flatMap((path) =>
    Object.values(path ?? {}),
  );
  for (const operation of operations as OpenAPIV3_1.OperationObject[]) {
    Object.assign(operation.responses ?? {}, PROBLEM_RESPONSES);
    addOtherFormats(operation);
    addLines(operation);
    moveExample(operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined);
  }
  return document;
}

const problemContent = {
  "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
};

const PROBLEM_RESPONSES = {
  "4XX": { description: "The server cannot answer this request.", content: problemContent },
  "5XX": { description: "The server cannot answer now.", content: problemContent },
};

/** If the query chooses the format of a reply, the schema describes JSON; the other formats have none. */
function addOtherFormats({ parameters = [], responses = {} }: OpenAPIV3_1.OperationObject): void {
  const chosen = parameters.some((parameter) => "name" in parameter && parameter.name === "format");
  const { content } = (responses["200"] ?? {}) as OpenAPIV3_1.ResponseObject;
  if (!chosen || content === undefined) return;
  content["text/csv"] = { schema: { type: "string" } };
  content["application/vnd.apache.parquet"] = {};
}

/** Bodies and replies as lines. Bodies have no schema, because a wrong line is an error in the reply, not of the call. */
function addLines({ requestBody, responses = {} }: OpenAPIV3_1.OperationObject): void {
  const { content = {} } = (requestBody ?? {}) as OpenAPIV3_1.RequestBodyObject;
  if (!(LINES in content)) return;
  content[LINES] = {};
  const reply = responses["200"] as OpenAPIV3_1.ResponseObject;
  reply.content = { ...reply.content, [LINES]: { schema: { type: "string" } } };
}

const LINES = "application/x-ndjson";

/** Moves an example beside its schema: schemas with transforms cannot carry `examples`. */
function moveExample(body: OpenAPIV3_1.RequestBodyObject | undefined): void {
  for (const media of Object.values(body?.content ?? {})) {
    const schema = media.schema as OpenAPIV3_1.SchemaObject | undefined;
    if (schema?.example === undefined) continue;
    media.example = schema.example;
    delete schema.example;
  }
}
