import { jsonSchema } from "../../../config/json-schema.ts";
import { alertJsonSchema } from "../../../io/messages/alert-schema.ts";
import type { CliContext } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";

const schemas = { pipeline: jsonSchema, alert: alertJsonSchema };

/** `iotmon schema`. @returns The exit code. */
export async function runSchema(
  what: keyof typeof schemas,
  { stdout }: CliContext,
): Promise<number> {
  stdout.write(`${JSON.stringify(schemas[what](), null, 2)}\n`);
  return EXIT.ok;
}
