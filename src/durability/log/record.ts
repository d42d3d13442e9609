import type { Command } from "../../service/commands.ts";
import type { RowObject } from "../../service/rows/read-columns.ts";
import { compressRecord, decompressRecord } from "./compressed-record.ts";
import { type PackedRows, packRows, unpackRows } from "./packed-rows.ts";

const LENGTH_BYTES = 4;

/** Largest record that is compressed, bytes. Long ones would leave too few bytes for checkpoints of what they change. */
const SHORT_BYTES = 1024;
/** Mean time between records from which on they are compressed, ms: at high rates, time matters more than bytes. */
const QUIET_MS = 95;
/** Longest time that counts in the mean, so that it falls soon when a burst begins, ms. */
const LONGEST_MS = 400;
/** Weight of a new time in the mean. */
const WEIGHT = 1 / 8;

/** Encodes commands as records; short ones are compressed at low rates. */
export class RecordEncoder {
  #lastAt = Number.NEGATIVE_INFINITY;
  #meanMs = LONGEST_MS;

  /** @param now Monotonic clock, ms. */
  encode(command: Command, now: number): Buffer {
    const record = encodeCommand(command);
    const elapsed = Math.min(LONGEST_MS, now - this.#lastAt);
    this.#meanMs += WEIGHT * (elapsed - this.#meanMs);
    this.#lastAt = now;
    return this.#meanMs >= QUIET_MS && record.length <= SHORT_BYTES
      ? compressRecord(record)
      : record;
  }
}

/**
 * Encodes a command as a record of the write-ahead log: the length of its head, the head as JSON, and the rows
 * of an append if they are known as JSON text.
 */
function encodeCommand(command: Command): Buffer {
  switch (command.kind) {
    case "append": {
      const { json, ...rest } = command;
      if (json === undefined) return join(JSON.stringify(rest), "");
      const { rows: _, ...head } = rest;
      return join(JSON.stringify(head), json);
    }
    case "append_batch":
      return join(JSON.stringify({ ...command, rows: packRows(command.rows) }), "");
    default:
      return join(JSON.stringify(command), "");
  }
}

/**
 * Decodes a record of {@link RecordEncoder}.
 *
 * @throws {Error} When it is something else.
 */
export function decodeCommand(record: Uint8Array): Command {
  const bytes = decompressRecord(Buffer.from(record.buffer, record.byteOffset, record.byteLength));
  const end = LENGTH_BYTES + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString("utf8", LENGTH_BYTES, end)) as Head;
  if (head.kind === "append_batch") return { ...head, rows: unpackRows(head.rows) };
  if (head.kind !== "append" || end === bytes.length) return head;
  const body = JSON.parse(bytes.toString("utf8", end)) as Body;
  return { ...head, rows: "rows" in body ? body.rows : body };
}

type Head =
  | Exclude<Command, { kind: "append_batch" }>
  | (Omit<Command<"append_batch">, "rows"> & { readonly rows: PackedRows });

type Body = readonly RowObject[] | { readonly rows: readonly RowObject[] };

function join(head: string, body: string): Buffer {
  const headBytes = Buffer.byteLength(head);
  const record = Buffer.allocUnsafe(LENGTH_BYTES + headBytes + Buffer.byteLength(body));
  record.writeUInt32LE(headBytes, 0);
  record.write(head, LENGTH_BYTES);
  record.write(body, LENGTH_BYTES + headBytes);
  return record;
}
