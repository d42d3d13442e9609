/**
 * Notes of `replay` on standard error.
 *
 * @module
 */
import type { ChalkInstance } from "chalk";
import type { RejectLog } from "../../../../io/rejects.ts";
import type { OpenedRecording } from "../../../recordings/open-recording.ts";
import { renderFault } from "../../../render/error.ts";
import { plural, printable } from "../../../render/format.ts";
import { wrapText } from "../../../render/wrap-text.ts";

/** Rejected rows that are shown. */
const MOST_EXAMPLES = 3;
const INDENT = "  ";

/** How the recording is read, what was assumed, and probable mistakes in the pipeline. */
export function openingNotes(
  { readings, pipeline, inferred }: OpenedRecording,
  color: ChalkInstance,
  width: number,
): string {
  const assumed =
    inferred === null ? "" : " with an inferred pipeline, which --write-pipeline FILE saves";
  const lines = [
    `reading ${readings.first.label}${assumed}:`,
    ...[...readings.profile.notes, ...(inferred?.assumptions ?? [])].map((note) => INDENT + note),
  ];
  const notes = [...readings.skipped, ...(lines.length > 1 ? lines : [])];
  const told = notes.map((note) => color.dim(wrapText(printable(note), width, INDENT + INDENT)));
  const warnings = pipeline.warnings.map((fault) => renderFault("warning", fault, color));
  return told.map((line) => `${line}\n`).join("") + warnings.join("");
}

/**
 * How many rows were rejected and why, with the first of them; how many values are implausible.
 *
 * @param file File with all of them, as the user named it.
 */
export function rejectNotes(
  log: RejectLog,
  file: string | undefined,
  color: ChalkInstance,
  width: number,
): string {
  const rejected = log.total === 0 ? "" : rejectedRows(log, file, color, width);
  return rejected + implausibleValues(log, color, width);
}

function implausibleValues(
  { implausible, firstImplausible: first }: RejectLog,
  color: ChalkInstance,
  width: number,
): string {
  if (first === null) return "";
  const total = [...implausible.values()].reduce((sum, count) => sum + count, 0);
  const columns = [...implausible].map(([name, count]) => `${count} ${printable(name)}`).join(", ");
  const summary = `${color.yellow.bold("warning:")} ${plural(total, "implausible value")} taken as missing: ${columns}`;
  const place = color.cyan(`${printable(first.input)} row ${first.row}`);
  return `${wrapText(summary, width, INDENT)}\n${INDENT}${place} ${printable(first.detail)}\n`;
}

function rejectedRows(
  { total, counts, examples }: RejectLog,
  file: string | undefined,
  color: ChalkInstance,
  width: number,
): string {
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(", ");
  const shown = examples.slice(0, MOST_EXAMPLES);
  const summary = `${color.yellow.bold("warning:")} ${plural(total, "row")} rejected: ${reasons}`;
  const lines = [
    wrapText(summary, width, INDENT),
    ...shown.map(
      ({ input, line, detail }) =>
        `${INDENT}${color.cyan(`${printable(input)}:${line}`)} ${printable(detail)}`,
    ),
  ];
  if (file !== undefined) lines.push(`${INDENT}${file} has all of them`);
  else if (total > shown.length) {
    lines.push(`${INDENT}and ${total - shown.length} more: --rejects FILE keeps all of them`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
