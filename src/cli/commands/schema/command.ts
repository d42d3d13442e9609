import { defineCommand } from "../../options/table.ts";
import { SCHEMAS, type SchemaName } from "./options.ts";

/** `iotmon schema`. */
export const schemaCommand = defineCommand({
  name: "schema",
  summary: "print the JSON Schema of pipeline files, or of alert messages",
  description:
    "Prints a JSON Schema: of pipeline files, for editors, or of alert messages, for receivers.",
  argument: { name: "[what]", help: "schema to print", completion: SCHEMAS, default: "pipeline" },
  options: {},
  async run([what], _options, context) {
    const { runSchema } = await import("./schema.ts");
    return runSchema(what as SchemaName, context);
  },
});
