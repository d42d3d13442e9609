import { IotmonError } from "../../../../core/errors.ts";
import type { Reject } from "../../../../io/decoders/decoder.ts";
import type { ImplausibleCell } from "../../../../io/implausible.ts";
import type { RejectLog } from "../../../../io/rejects.ts";
import type { SourceEvent } from "../../../../io/sources/live/live-source.ts";
import type { WatchListener } from "../../../../watch/watch-listener.ts";
import type { CliContext, GlobalOptions } from "../../../context.ts";
import { createChalk } from "../../../render/color.ts";
import { plural, printable } from "../../../render/format.ts";

/** Lines that can't be used of which each is told. */
const MOST_TOLD = 3;

/** Says on standard error what happens beside readings and alerts. */
export class WatchNotes implements WatchListener {
  readonly #write: (text: string) => void;
  readonly #isQuiet: boolean;
  readonly #label: string;
  readonly #rejects: RejectLog;
  #isKept = true;
  readonly #dropped = new Map<string, number>();
  #unread = 0;

  /**
   * @param rejects Counts what can't be used; it is flushed and closed here.
   * @param write Takes whole lines.
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

  note(level: "info" | "warn", text: string): void {
    if (this.#isQuiet) return;
    this.#write(level === "warn" ? `${this.#label} ${printable(text)}` : printable(text));
  }

  source(label: string, { kind, detail }: SourceEvent): void {
    const text = detail.includes(label) ? detail : `${label}: ${detail}`;
    this.note(kind === "up" ? "info" : "warn", text);
  }

  rejected(reject: Reject): void {
    this.#keep((rejects) => rejects.add(reject));
    const { input, line, detail } = reject;
    if (this.#rejects.total > MOST_TOLD) return;
    this.note("warn", `${input}:${line}: ${detail}`);
    if (this.#rejects.total === MOST_TOLD) {
      this.note("info", "further lines that can't be used are only counted");
    }
  }

  /** Of each column, the first is told; a loose sensor says the same thing for hours. */
  implausible(cell: ImplausibleCell): void {
    const isFirst = !this.#rejects.implausible.has(cell.column);
    this.#keep((rejects) => rejects.addImplausible(cell));
    if (isFirst) this.note("warn", `${cell.input}: ${cell.detail}: taken as missing`);
  }

  dropped(label: string, lines: number): void {
    const before = this.#dropped.get(label) ?? 0;
    this.#dropped.set(label, before + lines);
    if (before > 0) return;
    this.note(
      "warn",
      `${label}: lines come faster than they can be scored, the oldest are dropped`,
    );
  }

  /** Lines of stdout were dropped, as nobody took them. */
  unread(lines: number): void {
    if (this.#unread === 0) {
      this.note("warn", "stdout is not read: its oldest lines are dropped, the port is read on");
    }
    this.#unread += lines;
  }

  settled(): Promise<void> {
    this.#keep((rejects) => rejects.flush());
    return Promise.resolve();
  }

  /** Writes what is left to the reject file. */
  close(): void {
    this.#keep((rejects) => rejects.close());
  }

  /** Whether rejects can be written or not, watching goes on. */
  #keep(change: (rejects: RejectLog) => void): void {
    try {
      change(this.#rejects);
    } catch (error) {
      if (!(error instanceof IotmonError)) throw error;
      if (this.#isKept) this.note("warn", `${error.message}: lines are lost to it`);
      this.#isKept = false;
    }
  }

  /**
   * To be asked when the sources have ended by themselves.
   *
   * @param labels Of the sources.
   * @throws {IotmonError} `ERR_DATA` when there were lines, but no reading.
   */
  check(readings: number, labels: readonly string[]): void {
    if (readings > 0 || this.#rejects.total === 0) return;
    throw new IotmonError("ERR_DATA", "not a single line could be used", {
      at: labels.join(", "),
      hint: "Look at the reasons above, or name the format with --input-format",
    });
  }

  /** The sum of it, at the end. */
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
    const parts = [plural(readings, "reading"), ...rejected, ...missing, ...dropped, ...unread];
    this.note("info", parts.join(", "));
  }
}
