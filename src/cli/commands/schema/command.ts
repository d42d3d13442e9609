import { EXIT } from "../../exit-code.ts";
import { defineCommand } from "../../options/table.ts";

/** `iotmon schema`. */
export const schemaCommand = defineCommand({
  name: "schema",
  summary: "print the JSON Schema of pipeline files, or of alert messages",
  description:
    "Prints a JSON Schema: of pipeline files, for editors, or of alert messages, for receivers.",
  argument: {
    name: "[what]",
    help: "schema to print",
    completion: ["pipeline", "alert"],
    default: "pipeline",
  },
  options: async () => ({}),
  async run([what], _options, { stdout }) {
    const schema =
      what === "alert"
        ? (await import("../../../io/messages/alert-schema.ts")).alertJsonSchema()
        : (await import("../../../config/schema/json-schema.ts")).jsonSchema();
    stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    return EXIT.ok;
  },
});
