import { ScoresLines } from "../../../../backtest/scores/scores-lines.ts";
import { type TimeDisplay, timesIn, UTC_TIMES } from "../../../../core/timestamp/time-display.ts";
import type { AlertBody } from "../../../../io/messages/alert-schema.ts";
import { alertLine, type Painter } from "../../../../io/sinks/console/alert-line.ts";
import type { ScoredRows } from "../../../../service/effects.ts";
import type { HostedBuffer } from "../../../../service/registry.ts";
import type { RowAlert, WatchListener } from "../../../../watch/watch-listener.ts";
import type { CliContext } from "../../../context.ts";
import { createChalk, sinkPainter } from "../../../render/color.ts";
import type { WatchOptions } from "../options.ts";
import { ReadingLines } from "./reading-lines.ts";

/** Formats one reading as a line. */
interface RowLines {
  of(batch: ScoredRows["batch"], output: ScoredRows["output"], row: number): string;
}

/** Maximum number of characters that wait for `settled`: during recovery it is not called. */
const MAX_PENDING = 8 * 1024 * 1024;

/** Writes whole lines; calls back when it can take more. */
export type Print = (text: string, done: () => void) => void;

/** Shows alerts on standard output, a line each, and with `--all` every reading. */
export class WatchOutput implements WatchListener {
  readonly #print: Print;
  readonly #format: WatchOptions["format"];
  readonly #all: boolean;
  readonly #sources: number;
  readonly #times: TimeDisplay;
  readonly #painter: Painter;
  #lines: { readonly of: object; readonly sources: number; readonly lines: RowLines } | null = null;
  /** Lines whose commands are not in the write-ahead log yet. */
  #pending = "";
  #written: Promise<void> = Promise.resolve();

  /** @param sources Number of sources. With several, each reading names its source. */
  constructor(
    { format, all, zone, color }: Pick<WatchOptions, "format" | "all" | "zone" | "color">,
    { stdout, env }: CliContext,
    print: Print = (text, done) => void stdout.write(text, () => done()),
    sources = 1,
  ) {
    this.#print = print;
    this.#format = format;
    this.#all = all;
    this.#sources = sources;
    this.#times = timesIn(zone ?? UTC_TIMES.name);
    this.#painter = sinkPainter(createChalk(stdout, env, color));
  }

  rows(hosted: HostedBuffer, { batch, output }: ScoredRows, alerts: readonly RowAlert[]): void {
    let text = "";
    let next = 0;
    const lines = this.#all ? this.#rowLines(hosted) : null;
    for (let row = 0; lines !== null && row < batch.length; row++) {
      text += lines.of(batch, output, row);
      for (; (alerts[next]?.row ?? Number.POSITIVE_INFINITY) <= row; next++) {
        text += this.#alert(alerts[next]?.body);
      }
    }
    for (; next < alerts.length; next++) text += this.#alert(alerts[next]?.body);
    this.#queue(text);
  }

  due(_hosted: HostedBuffer, alerts: readonly RowAlert[]): void {
    this.#queue(alerts.map(({ body }) => this.#alert(body)).join(""));
  }

  ops(body: AlertBody): void {
    this.#write(this.#alert(body));
  }

  settled(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    this.#write(text);
    return this.#written;
  }

  #alert(body: AlertBody | undefined): string {
    if (body === undefined) return "";
    const line =
      this.#format === "jsonl" ? JSON.stringify(body) : alertLine(body, this.#painter, this.#times);
    return `${line}\n`;
  }

  #rowLines({ pipeline }: HostedBuffer): RowLines {
    const { plan, keys, sources } = pipeline;
    const known = sources.names;
    const inputs = [...known, ...Array(Math.max(0, this.#sources - known.length)).fill("")];
    if (this.#lines?.of !== plan || this.#lines.sources !== known.length) {
      const lines =
        this.#format === "jsonl"
          ? new ScoresLines("jsonl", { plan, keys, inputs, features: false })
          : new ReadingLines(plan, keys, this.#painter, this.#times);
      this.#lines = { of: plan, sources: known.length, lines };
    }
    return this.#lines.lines;
  }

  /** Waits for `settled`. If lines were shown before they are logged, a crash could reuse their numbers for other rows. */
  #queue(text: string): void {
    this.#pending += text;
    if (this.#pending.length < MAX_PENDING) return;
    this.#write(this.#pending);
    this.#pending = "";
  }

  #write(text: string): void {
    if (text === "") return;
    this.#written = new Promise((resolve) => {
      this.#print(text, resolve);
    });
  }
}
