import { IotmonError } from "../../../../core/errors.ts";
import type { Reject } from "../../../../io/decoders/decode-context.ts";
import type { ImplausibleCell } from "../../../../io/implausible.ts";
import type { AlertBody } from "../../../../io/messages/alert-schema.ts";
import type { RejectLog } from "../../../../io/rejects.ts";
import type { SourceEvent } from "../../../../io/sources/live/live-source.ts";
import { placeOf, type TimeReject } from "../../../../io/time-rejects.ts";
import type { WatchListener } from "../../../../watch/watch-listener.ts";
import type { CliContext, GlobalOptions } from "../../../context.ts";
import { createChalk } from "../../../render/color.ts";
import { plural, printable } from "../../../render/format.ts";
import { ClockCounts } from "./clock-counts.ts";

/** Number of rejected lines that are shown. */
const MAX_SHOWN = 3;

/** Writes events other than readings and alerts to standard error, and rejects to their file. */
export class WatchNotes implements WatchListener {
  readonly #write: (text: string) => void;
  readonly #isQuiet: boolean;
  readonly #label: string;
  readonly #rejects: RejectLog;
  /** Readings that were decoded, and are not used because of their time. */
  #refused = 0;
  readonly #clocks = new ClockCounts();
  #hasWriteError = false;
  readonly #dropped = new Map<string, number>();
  #unread = 0;

  /**
   * @param rejects Flushed and closed by this object.
   * @param write Receives whole lines.
   */
  constructor(
    { quiet, color }: GlobalOptions,
    { stderr, env }: CliContext,
    rejects: RejectLog,
    write: (text: string) => void = (text) => void stderr.write(text),
  ) {
    this.#rejects = rejects;
    this.#write = (text) => write(`${text}\n`);
    this.#isQuiet = quiet;
    this.#label = createChalk(stderr, env, color).yellow.bold("warning:");
  }

  ops(body: AlertBody): void {
    this.#clocks.add(body);
  }

  note(level: "info" | "warn", text: string): void {
    if (this.#isQuiet) return;
    this.#write(level === "warn" ? `${this.#label} ${printable(text)}` : printable(text));
  }

  source(label: string, { kind, detail }: SourceEvent): void {
    const text = detail.includes(label) ? detail : `${label}: ${detail}`;
    this.note(kind === "up" ? "info" : "warn", text);
  }

  rejected(reject: Reject | TimeReject): void {
    if ("row" in reject) this.#refused += 1;
    this.#writeRejects((rejects) => rejects.add(reject));
    if (this.#rejects.total > MAX_SHOWN) return;
    this.note("warn", `${placeOf(reject)}: ${reject.detail}`);
    if (this.#rejects.total === MAX_SHOWN) {
      this.note("info", "further rejected lines are counted, not shown");
    }
  }

  /** Shows the first value of each column: a loose sensor repeats the same value for hours. */
  implausible(cell: ImplausibleCell): void {
    const isFirst = !this.#rejects.implausible.has(cell.column);
    this.#writeRejects((rejects) => rejects.addImplausible(cell));
    if (isFirst) this.note("warn", `${cell.input}: ${cell.detail}: taken as missing`);
  }

  dropped(label: string, lines: number): void {
    const before = this.#dropped.get(label) ?? 0;
    this.#dropped.set(label, before + lines);
    if (before > 0) return;
    this.note(
      "warn",
      `${label}: lines arrive faster than they can be scored; the oldest are dropped`,
    );
  }

  /** Lines of stdout were dropped because its reader is too slow. */
  unread(lines: number): void {
    if (this.#unread === 0) {
      this.note("warn", "the reader of stdout is too slow: the oldest lines are dropped");
    }
    this.#unread += lines;
  }

  settled(): Promise<void> {
    this.#writeRejects((rejects) => rejects.flush());
    return Promise.resolve();
  }

  /** Writes the remaining rejects to their file. */
  close(): void {
    this.#writeRejects((rejects) => rejects.close());
  }

  /** Changes the reject log. A write error gives one warning; watching continues. */
  #writeRejects(change: (rejects: RejectLog) => void): void {
    try {
      change(this.#rejects);
    } catch (error) {
      if (!(error instanceof IotmonError)) throw error;
      if (!this.#hasWriteError) this.note("warn", `${error.message}: rejected lines are lost`);
      this.#hasWriteError = true;
    }
  }

  /**
   * Checks a session whose sources have all ended.
   *
   * @param labels Labels of the sources.
   * @throws {IotmonError} `ERR_DATA` when there were lines, but no reading.
   */
  check(readings: number, labels: readonly string[]): void {
    if (readings > 0 || this.#rejects.total === 0) return;
    throw new IotmonError("ERR_DATA", "every line was rejected", {
      at: labels.join(", "),
      hint: "See the reasons above, or name the format with --input-format",
    });
  }

  /** Shows the totals at the end. */
  finish(readings: number): void {
    const { total, counts } = this.#rejects;
    const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(", ");
    const rejected = total === 0 ? [] : [`${plural(total, "line")} rejected (${reasons})`];
    const dropped = [...this.#dropped].map(
      ([label, lines]) => `${plural(lines, "line")} of ${label} dropped`,
    );
    const missing = [...this.#rejects.implausible].map(
      ([column, count]) => `${plural(count, "implausible value")} of ${column}`,
    );
    const unread = this.#unread === 0 ? [] : [`${plural(this.#unread, "line")} of stdout dropped`];
    const parts = [
      plural(readings - this.#refused, "reading"),
      ...rejected,
      ...missing,
      ...dropped,
      ...unread,
      ...this.#clocks.texts,
    ];
    this.note("info", parts.join(", "));
  }
}
