import type { ChalkInstance } from "chalk";
import { dateTimeText, isoTime } from "../../../core/timestamp/iso-time.ts";
import type { DeadLetter } from "../../../io/outbox/dead-letters.ts";
import { printable, shorten } from "../../render/format.ts";
import { plainTable } from "../../render/plain-table.ts";

const MAX_NAME_WIDTH = 20;
const ID_WIDTH = 12;
const MIN_REASON_WIDTH = 20;
const ATTEMPTS_COLUMN = 6;

/** Dead letters as a table; shows the beginnings of ids, which other commands accept. */
export function letterTable(
  letters: readonly DeadLetter[],
  color: ChalkInstance,
  width: number,
): string {
  const head = ["id", "given up", "sink", "sensor", "status", "severity", "tries", "reason"];
  const rows = letters.map(({ sink, deadAt, attempts, body }) => [
    body.id.slice(0, ID_WIDTH),
    dateTimeText(deadAt),
    shorten(sink, MAX_NAME_WIDTH),
    shorten(body.sensor_id, MAX_NAME_WIDTH),
    body.status,
    body.severity,
    String(attempts),
  ]);
  const taken = head
    .slice(0, -1)
    .map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]?.length ?? 0)));
  const left = width - taken.reduce((sum, cell) => sum + cell + 2, 0);
  const reasonWidth = Math.max(MIN_REASON_WIDTH, left);
  const full = rows.map((row, i) => [...row, shorten(letters[i]?.reason ?? "", reasonWidth)]);
  return `${plainTable(head, full, color, [ATTEMPTS_COLUMN]).join("\n")}\n`;
}

/** All facts about a dead letter, with its message. */
export function letterDetails({ sink, deadAt, reason, attempts, body }: DeadLetter): string {
  return [
    `sink      ${printable(sink)}`,
    `given up  ${dateTimeText(deadAt)} UTC, after ${attempts} attempts`,
    `reason    ${printable(reason)}`,
    "message",
    JSON.stringify(body, null, 2),
  ].join("\n");
}

/** A dead letter as JSON. */
export function letterToJson({ sink, deadAt, reason, attempts, body }: DeadLetter): object {
  return { sink, given_up_at: isoTime(deadAt), reason, attempts, message: body };
}
