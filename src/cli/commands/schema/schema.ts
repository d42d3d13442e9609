import { jsonSchema } from "../../../config/schema/json-schema.ts";
import { alertJsonSchema } from "../../../io/messages/alert-schema.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import type { SchemaName } from "./options.ts";

const schemas: Record<SchemaName, () => object> = { pipeline: jsonSchema, alert: alertJsonSchema };

/** `iotmon schema`. @returns The exit code. */
export async function runSchema(what: SchemaName, { stdout }: CliContext): Promise<number> {
  stdout.write(`${JSON.stringify(schemas[what](), null, 2)}\n`);
  return EXIT.ok;
}
