import type { ChalkInstance } from "chalk";
import { sourceAt } from "../../../../core/batch.ts";
import { type TimeDisplay, timesIn, UTC_TIMES } from "../../../../core/timestamp/time-display.ts";
import type { Reject } from "../../../../io/decoders/decode-context.ts";
import type { AlertBody } from "../../../../io/messages/alert-schema.ts";
import type { SourceEvent } from "../../../../io/sources/live/live-source.ts";
import type { TimeReject } from "../../../../io/time-rejects.ts";
import type { ScoredRows } from "../../../../service/effects.ts";
import type { HostedBuffer } from "../../../../service/registry.ts";
import type { RowAlert, WatchListener } from "../../../../watch/watch-listener.ts";
import type { CliContext, OutputStream } from "../../../context.ts";
import { createChalk } from "../../../render/color.ts";
import { widthOf } from "../../../render/stream.ts";
import type { WatchOptions } from "../options.ts";
import { ClockCounts } from "../output/clock-counts.ts";
import { layoutFrame } from "./frame.ts";
import { Screen } from "./screen.ts";
import { SensorBoard } from "./sensor-board.ts";
import type { ViewModel } from "./sensor-line.ts";
import { SourceBoard } from "./source-board.ts";

/** Minimum time between two paints, ms. */
const PAINT_MS = 150;
/** Time between updates of the rates, ms. */
const RATE_MS = 1000;
/** Maximum number of characters that wait for the next paint. */
const MAX_WAITING = 64 * 1024;
const DEFAULT_ROWS = 24;
/** Share of the rows that stays free for the text above the view, and its limit. */
const ABOVE_SHARE = 0.25;
const MAX_ABOVE = 10;

export interface LiveViewSetup {
  /** Name of the pipeline. */
  readonly name: string;
  /** Sources as the user named them. */
  readonly sources: readonly string[];
}

/**
 * Shows sensors and sources on a terminal, and paints them a few times a second when something changes.
 * Alerts and notes scroll above. Before `start` and after `close` it writes text unchanged.
 */
export class LiveView implements WatchListener {
  readonly #name: string;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #signal: AbortSignal;
  readonly #color: ChalkInstance;
  readonly #times: TimeDisplay;
  readonly #screen: Screen;
  readonly #sensors = new SensorBoard();
  readonly #sources: SourceBoard;
  readonly #clocks = new ClockCounts();
  #waiting = "";
  #paintedAt = Number.NEGATIVE_INFINITY;
  #next: NodeJS.Timeout | null = null;
  #rates: NodeJS.Timeout | null = null;

  constructor(
    { name, sources }: LiveViewSetup,
    { color, zone }: Pick<WatchOptions, "color" | "zone">,
    context: CliContext,
  ) {
    const { stdout, stderr, env, signal } = context;
    this.#name = name;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#signal = signal;
    this.#color = createChalk(stdout, env, color);
    this.#times = timesIn(zone ?? UTC_TIMES.name);
    this.#screen = new Screen(stdout);
    this.#sources = new SourceBoard(sources);
  }

  /** Starts painting. The abort signal of the program stops it. */
  start(): void {
    if (this.#signal.aborted) return;
    this.#signal.addEventListener("abort", this.#stop, { once: true });
    this.#stdout.on("resize", this.#resize);
    process.on("SIGTSTP", this.#suspend);
    process.on("SIGCONT", this.#resize);
    this.#screen.open();
    this.#rates = setInterval(() => this.#schedule(), RATE_MS);
    this.#paint();
  }

  /** Erases the view and restores the terminal. A second call has no effect. */
  close(): void {
    this.#stop();
    this.#signal.removeEventListener("abort", this.#stop);
  }

  /** Restores the terminal and leaves the final view on it. */
  finish(): void {
    this.close();
    const lines = this.#frame();
    if (lines.length > 0) this.#stdout.write(`${lines.join("\n")}\n`);
  }

  /** Writes whole lines to standard output, above the view. */
  readonly print = (text: string, done: () => void): void => {
    if (!this.#screen.isOpen) {
      this.#stdout.write(text, () => done());
      return;
    }
    this.#waiting += text;
    if (this.#waiting.length > MAX_WAITING) this.#paint(done);
    else {
      this.#schedule();
      done();
    }
  };

  /** Writes whole lines to standard error, which may be the same terminal. */
  readonly printNote = (text: string): void => {
    if (this.#screen.isOpen && this.#stderr.isTTY === true) {
      if (this.#waiting !== "") this.#paint();
      this.#screen.clear();
      this.#screen.keep(text);
      this.#schedule();
    }
    this.#stderr.write(text);
  };

  began(hosted: HostedBuffer): void {
    this.#sensors.show(hosted);
    this.#schedule();
  }

  rows(hosted: HostedBuffer, scored: ScoredRows, alerts: readonly RowAlert[]): void {
    this.#sensors.rows(hosted, scored, alerts);
    this.#countReadings(hosted, scored);
    this.#schedule();
  }

  due(hosted: HostedBuffer, alerts: readonly RowAlert[]): void {
    this.#sensors.due(hosted, alerts);
    this.#schedule();
  }

  ops(body: AlertBody): void {
    this.#clocks.add(body);
    this.#schedule();
  }

  source(label: string, event: SourceEvent): void {
    this.#sources.event(label, event);
    this.#schedule();
  }

  rejected({ input }: Reject | TimeReject): void {
    this.#sources.rejected(input);
    this.#schedule();
  }

  dropped(label: string, lines: number): void {
    this.#sources.dropped(label, lines);
    this.#schedule();
  }

  #countReadings({ pipeline }: HostedBuffer, { batch }: ScoredRows): void {
    const now = performance.now();
    let from = 0;
    for (const to of [...batch.breaks.map(({ row }) => row), batch.length]) {
      const label = pipeline.sources.names[sourceAt(batch, from)];
      if (label !== undefined) this.#sources.readings(label, to - from, now);
      from = to;
    }
  }

  readonly #stop = (): void => {
    if (!this.#screen.isOpen) return;
    clearTimeout(this.#next ?? undefined);
    clearInterval(this.#rates ?? undefined);
    this.#next = null;
    this.#stdout.removeListener("resize", this.#resize);
    process.removeListener("SIGTSTP", this.#suspend);
    process.removeListener("SIGCONT", this.#resize);
    this.#screen.close();
    if (this.#waiting !== "") this.#stdout.write(this.#waiting);
    this.#waiting = "";
  };

  /** Ctrl-Z: restores the terminal for the shell, then stops the process. */
  readonly #suspend = (): void => {
    this.#screen.release();
    process.kill(process.pid, "SIGSTOP");
  };

  readonly #resize = (): void => {
    this.#screen.renew(this.#frame(), this.#rows);
  };

  #schedule(): void {
    if (this.#next !== null || !this.#screen.isOpen) return;
    const wait = Math.max(0, this.#paintedAt + PAINT_MS - performance.now());
    this.#next = setTimeout(() => this.#paint(), wait);
  }

  #paint(done?: () => void): void {
    clearTimeout(this.#next ?? undefined);
    this.#next = null;
    this.#paintedAt = performance.now();
    const above = this.#waiting;
    this.#waiting = "";
    this.#screen.paint(this.#frame(), above, done);
  }

  get #rows(): number {
    const { rows = 0 } = this.#stdout;
    return rows > 0 ? rows : DEFAULT_ROWS;
  }

  #frame(): string[] {
    const rows = this.#rows;
    const above = Math.min(MAX_ABOVE, Math.floor(rows * ABOVE_SHARE));
    return layoutFrame(this.#model(), widthOf(this.#stdout), rows - above, this.#color);
  }

  #model(): ViewModel {
    return {
      name: this.#name,
      sensors: this.#sensors.lines(),
      sources: this.#sources.lines(performance.now()),
      clocks: this.#clocks.texts,
      newestAt: this.#sensors.newestAt,
      nowMs: Date.now(),
      times: this.#times,
    };
  }
}

/** Creates a live view if the format is `table` and stdout is a terminal that can show one; else null. */
export function createView(
  setup: LiveViewSetup,
  options: Pick<WatchOptions, "format" | "zone" | "color">,
  context: CliContext,
): LiveView | null {
  const canShow = context.stdout.isTTY === true && context.env["TERM"] !== "dumb";
  return canShow && options.format === "table" ? new LiveView(setup, options, context) : null;
}
