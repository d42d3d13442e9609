import { z } from "zod";
import { MESSAGE_FIELDS } from "../../src/io/messages/message-fields.ts";

const schema = z.object(
  Object.fromEntries(Object.entries(MESSAGE_FIELDS).map(([name, field]) => [name, field.schema])),
);

/**
 * Parses the JSON text of a message with the schema of messages, and drops what the schema does not have.
 *
 * @throws {z.ZodError} If the text is other JSON.
 */
export function parseMessage(text: string): unknown {
  return schema.parse(JSON.parse(text));
}
