import type { ChalkInstance } from "chalk";
import type { Reject } from "../../../../io/decoders/decoder.ts";
import type { SourceEvent } from "../../../../io/sources/live/live-source.ts";
import type { ScoredRows } from "../../../../service/effects.ts";
import type { HostedBuffer } from "../../../../service/registry.ts";
import type { RowAlert, WatchListener } from "../../../../watch/watch-listener.ts";
import type { CliContext, GlobalOptions, OutputStream } from "../../../context.ts";
import { createChalk } from "../../../render/color.ts";
import { widthOf } from "../../../render/stream.ts";
import type { WatchOptions } from "../options.ts";
import { layoutFrame } from "./frame.ts";
import { Screen } from "./screen.ts";
import { SensorBoard } from "./sensor-board.ts";
import type { ViewModel } from "./sensor-line.ts";
import { SourceBoard } from "./source-board.ts";

/** Time between two paintings at the least, ms. */
const PAINT_MS = 150;
/** Time after which rates are computed anew, ms. */
const RATE_MS = 1000;
/** Text that waits for the next painting at the most, characters. */
const MOST_WAITING = 64 * 1024;
const USUAL_ROWS = 24;
/** Part of the rows that is left to what scrolls above, and at the most. */
const ABOVE_SHARE = 0.25;
const MOST_ABOVE = 10;

/** What a live view is of. */
export interface LiveViewSetup {
  /** Name of the pipeline. */
  readonly name: string;
  /** Sources as the user named them. */
  readonly sources: readonly string[];
}

/**
 * Sensors and sources on a terminal, painted a few times a second while something changes; alerts and notes
 * scroll above. While it is not running, everything is written as if it was not there.
 */
export class LiveView implements WatchListener {
  readonly #name: string;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #signal: AbortSignal;
  readonly #color: ChalkInstance;
  readonly #screen: Screen;
  readonly #sensors = new SensorBoard();
  readonly #sources: SourceBoard;
  #waiting = "";
  #paintedAt = Number.NEGATIVE_INFINITY;
  #next: NodeJS.Timeout | null = null;
  #rates: NodeJS.Timeout | null = null;

  constructor(
    { name, sources }: LiveViewSetup,
    { color }: Pick<GlobalOptions, "color">,
    context: CliContext,
  ) {
    const { stdout, stderr, env, signal } = context;
    this.#name = name;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#signal = signal;
    this.#color = createChalk(stdout, env, color);
    this.#screen = new Screen(stdout);
    this.#sources = new SourceBoard(sources);
  }

  /** Begins to paint. Ctrl-C ends it. */
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

  /** Gives the terminal back. Calling it again does nothing. */
  close(): void {
    this.#stop();
    this.#signal.removeEventListener("abort", this.#stop);
  }

  /** Gives the terminal back, and leaves there what it shows now. */
  finish(): void {
    this.close();
    const lines = this.#frame();
    if (lines.length > 0) this.#stdout.write(`${lines.join("\n")}\n`);
  }

  /** Writes whole lines to standard output, above what is shown. */
  readonly print = (text: string, done: () => void): void => {
    if (!this.#screen.isOpen) {
      this.#stdout.write(text, () => done());
      return;
    }
    this.#waiting += text;
    if (this.#waiting.length > MOST_WAITING) this.#paint(done);
    else {
      this.#schedule();
      done();
    }
  };

  /** Writes whole lines to standard error, which may be the same terminal. */
  readonly say = (text: string): void => {
    if (this.#screen.isOpen && this.#stderr.isTTY === true) {
      this.#flush();
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

  rows(hosted: HostedBuffer, ran: ScoredRows, alerts: readonly RowAlert[]): void {
    this.#sensors.rows(hosted, ran, alerts);
    const label = hosted.pipeline.sources.labels[ran.rows.source];
    if (label !== undefined) this.#sources.readings(label, ran.rows.length, performance.now());
    this.#schedule();
  }

  due(hosted: HostedBuffer, alerts: readonly RowAlert[]): void {
    this.#sensors.due(hosted, alerts);
    this.#schedule();
  }

  source(label: string, event: SourceEvent): void {
    this.#sources.event(label, event);
    this.#schedule();
  }

  rejected({ input }: Reject): void {
    this.#sources.rejected(input);
    this.#schedule();
  }

  dropped(label: string, lines: number): void {
    this.#sources.dropped(label, lines);
    this.#schedule();
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

  /** Ctrl-Z: the shell gets its terminal back as it was. */
  readonly #suspend = (): void => {
    this.#screen.lend();
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

  /** What waits, before something else is written. */
  #flush(): void {
    if (this.#waiting !== "") this.#paint();
  }

  get #rows(): number {
    const { rows = 0 } = this.#stdout;
    return rows > 0 ? rows : USUAL_ROWS;
  }

  #frame(): string[] {
    const rows = this.#rows;
    const above = Math.min(MOST_ABOVE, Math.floor(rows * ABOVE_SHARE));
    return layoutFrame(this.#model(), widthOf(this.#stdout), rows - above, this.#color);
  }

  #model(): ViewModel {
    return {
      name: this.#name,
      sensors: this.#sensors.lines(),
      sources: this.#sources.lines(performance.now()),
      newestAt: this.#sensors.newestAt,
      nowMs: Date.now(),
    };
  }
}

/** A live view, if results are for people and go to a terminal that can show one; else null. */
export function createView(
  setup: LiveViewSetup,
  options: Pick<WatchOptions, "format" | "color">,
  context: CliContext,
): LiveView | null {
  const canShow = context.stdout.isTTY === true && context.env["TERM"] !== "dumb";
  return canShow && options.format === "table" ? new LiveView(setup, options, context) : null;
}
