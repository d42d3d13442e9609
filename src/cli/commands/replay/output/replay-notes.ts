import type { ChalkInstance } from "chalk";
import { openingLines } from "../../../../config/opening/opening-lines.ts";
import type { RejectLog } from "../../../../io/rejects.ts";
import { placeOf } from "../../../../io/time-rejects.ts";
import type { CliContext, OutputStream } from "../../../context.ts";
import { createChalk } from "../../../render/color.ts";
import { renderFault } from "../../../render/error.ts";
import { plural, printable } from "../../../render/format.ts";
import { widthOf } from "../../../render/stream.ts";
import { wrapText } from "../../../render/wrap-text.ts";
import type { ReplayOptions } from "../options.ts";
import type { OpenedRecording } from "../recording/open-recordings.ts";
import { type Progress, startProgress } from "./progress.ts";

/** Maximum number of rejected rows shown. */
const MAX_EXAMPLES = 3;
const INDENT = "  ";

/** Notes and progress of a replay on standard error. A note clears the progress line first. */
export class ReplayNotes {
  /** Shows how far the replay is. */
  readonly progress: Progress;
  readonly #stream: OutputStream;
  readonly #isQuiet: boolean;
  readonly #color: ChalkInstance;
  readonly #width: number;

  private constructor(stream: OutputStream, quiet: boolean, color: ChalkInstance, line: Progress) {
    this.progress = line;
    this.#stream = stream;
    this.#isQuiet = quiet;
    this.#color = color;
    this.#width = widthOf(stream);
  }

  static async open(
    { quiet, color }: Pick<ReplayOptions, "quiet" | "color">,
    { stderr, env }: CliContext,
  ): Promise<ReplayNotes> {
    const progress = await startProgress(stderr, !quiet);
    return new ReplayNotes(stderr, quiet, createChalk(stderr, env, color), progress);
  }

  line(text: string): void {
    this.#write(`${text}\n`);
  }

  /** Writes how the recording is read, and probable mistakes in the pipeline. */
  opening({ readings, pipeline, inferred, remarks }: OpenedRecording): void {
    const color = this.#color;
    const assumed =
      inferred === null
        ? ""
        : ` with an inferred pipeline, which --write-pipeline FILE saves (${inferred.summary})`;
    const notes = [
      ...readings.skipped,
      `reading ${readings.first.label}${assumed}:`,
      ...openingLines(readings.profile.format, remarks).map((line) => INDENT + line),
    ];
    const wrapped = notes.map(
      (note) => `${color.dim(wrapText(printable(note), this.#width, INDENT + INDENT))}\n`,
    );
    const warnings = pipeline.warnings.map((fault) => renderFault("warning", fault, color));
    this.#write([...wrapped, ...warnings].join(""));
  }

  /**
   * Writes how many rows were rejected and why, with the first of them, and how many values are implausible.
   *
   * @param file File with all of them, as the user named it.
   */
  rejected(log: RejectLog, file: string | undefined): void {
    const rows = log.total === 0 ? "" : rejectedRows(log, file, this.#color, this.#width);
    this.#write(rows + implausibleValues(log, this.#color, this.#width));
  }

  /** Writes how often a clock of a sensor was set or ran ahead, with the first times. */
  clocks(texts: readonly string[]): void {
    this.#examples(texts, `the clock of a sensor was wrong ${plural(texts.length, "time")}`);
  }

  /** Writes how often a column of a sensor lost its values, with the first times. */
  values(texts: readonly string[]): void {
    this.#examples(texts, `a column had no usable value ${plural(texts.length, "time")}`);
  }

  #examples(texts: readonly string[], what: string): void {
    if (texts.length === 0) return;
    const shown = texts.slice(0, MAX_EXAMPLES);
    const more = texts.length - shown.length;
    const lines = [
      `${this.#color.yellow.bold("warning:")} ${what}`,
      ...shown.map((text) => `${INDENT}${printable(text)}`),
      ...(more > 0 ? [`${INDENT}and ${more} more`] : []),
    ];
    this.#write(lines.map((line) => `${line}\n`).join(""));
  }

  #write(text: string): void {
    if (text === "") return;
    this.progress.clear();
    if (!this.#isQuiet) this.#stream.write(text);
  }
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
  const shown = examples.slice(0, MAX_EXAMPLES);
  const summary = `${color.yellow.bold("warning:")} ${plural(total, "row")} rejected: ${reasons}`;
  const lines = [
    wrapText(summary, width, INDENT),
    ...shown.map(
      (reject) => `${INDENT}${color.cyan(printable(placeOf(reject)))} ${printable(reject.detail)}`,
    ),
  ];
  if (file !== undefined) lines.push(`${INDENT}${file} has all of them`);
  else if (total > shown.length) {
    lines.push(`${INDENT}and ${total - shown.length} more: --rejects FILE keeps all of them`);
  }
  return lines.map((line) => `${line}\n`).join("");
}
