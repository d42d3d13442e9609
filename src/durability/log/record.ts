import type { Command } from "../../service/commands.ts";
import type { RowObject } from "../../service/rows/read-columns.ts";

const LENGTH_BYTES = 4;

/**
 * A command as the journal holds it: the length of its head, the head as JSON, the body as it came.
 *
 * @param body JSON text that has the rows of an append, so that they are not put into words once more:
 * a list of them, or an object with `rows`.
 */
export function encodeCommand(command: Command, body?: string): Buffer {
  if (body === undefined || command.kind !== "append") return join(JSON.stringify(command), "");
  const { rows: _, ...head } = command;
  return join(JSON.stringify(head), body);
}

/**
 * Reads what {@link encodeCommand} wrote.
 *
 * @throws {Error} When it is something else.
 */
export function decodeCommand(record: Uint8Array): Command {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const end = LENGTH_BYTES + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString("utf8", LENGTH_BYTES, end)) as Command;
  if (head.kind !== "append" || end === bytes.length) return head;
  const body = JSON.parse(bytes.toString("utf8", end)) as Body;
  return { ...head, rows: "rows" in body ? body.rows : body };
}

type Body = readonly RowObject[] | { readonly rows: readonly RowObject[] };

function join(head: string, body: string): Buffer {
  const headBytes = Buffer.byteLength(head);
  const record = Buffer.allocUnsafe(LENGTH_BYTES + headBytes + Buffer.byteLength(body));
  record.writeUInt32LE(headBytes, 0);
  record.write(head, LENGTH_BYTES);
  record.write(body, LENGTH_BYTES + headBytes);
  return record;
}
