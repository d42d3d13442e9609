import { z } from "zod";
import { MESSAGE_FIELDS } from "./message-fields.ts";

type Fields = typeof MESSAGE_FIELDS;
type Schemas = { readonly [K in keyof Fields]: Fields[K]["schema"] };

const schemas = Object.fromEntries(
  Object.entries(MESSAGE_FIELDS).map(([name, { schema }]) => [name, schema]),
) as Schemas;
const alertSchema = z.object(schemas);

/**
 * A message as it is sent: plain JSON, times in ISO 8601 UTC, a missing number is null. Scores, features,
 * reading and explanation are those of the worst reading of the episode so far.
 */
export type AlertBody = z.output<typeof alertSchema>;

/** The JSON Schema (draft 2020-12) of messages. Later versions may add fields. */
export function alertJsonSchema(): object {
  return { title: "iotmon alert message", ...z.toJSONSchema(alertSchema, { io: "input" }) };
}
