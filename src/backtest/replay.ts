import { ReadingBuffer } from "../buffer/reading-buffer.ts";
import type { ResolvedPipeline } from "../config/resolve.ts";
import type { AlertEvent } from "../core/alerts/alert-event.ts";
import type { Batch, SequencedBatch } from "../core/batch.ts";
import { IotmonError } from "../core/errors.ts";
import type { KeyTable } from "../core/key-table.ts";
import type { EngineOutput } from "../engine/engine-output.ts";
import { Intake } from "../engine/intake.ts";
import type { TimeNotice } from "../engine/time/time-notice.ts";
import type { ValueNotice } from "../engine/values/value-notice.ts";
import type { RecordedTime } from "../io/session-recording/open-session-recording.ts";
import type { SpareThreads } from "../runtime/clients/spare-threads.ts";
import { createRuntime } from "../runtime/create-runtime.ts";
import type { KeyedRuntime } from "../runtime/keyed-runtime.ts";
import { BacktestCollector } from "./collector.ts";
import { pace } from "./pace.ts";
import { type AcceptedRows, acceptUpTo, cutAfter, readMost } from "./read-up-to.ts";
import type { BacktestResult } from "./result/backtest-result.ts";
import type { ScoresWriter } from "./scores/scores-writer.ts";
import type { SeriesCollector } from "./thinning/series-collector.ts";

/** The pipeline of a replay, its span, and its consumers. */
export interface ReplayOptions {
  readonly pipeline: ResolvedPipeline;
  readonly keys: KeyTable;
  /** Index of the label column for metrics; default: no metrics. */
  readonly label?: number | null;
  /** Event time of the first reported row, ms; earlier rows warm the models. Default: the first row. */
  readonly from?: number;
  /** Event time after which the replay stops, ms. Default: never. */
  readonly to?: number;
  /** Number of readings after which it stops, dropped ones included. Default: no limit. */
  readonly limit?: number;
  /** Event time per clock time. Default: as fast as possible. */
  readonly speed?: number;
  /** Number of engines that share the sensors; 1, the default, runs in this thread. */
  readonly workers?: number;
  /** Threads that are already running. */
  readonly spare?: SpareThreads | undefined;
  /** Whether the result lists suppressed episodes too. Default: it only counts them. */
  readonly keepSuppressed?: boolean;
  /** Takes the scores of each batch before {@link onBatch} is called. */
  readonly scores?: Pick<ScoresWriter, "write"> | null;
  /** Collects readings for charts. */
  readonly series?: SeriesCollector | undefined;
  /** Clock events of a recorded session. The reader of `batches` fills this queue, the replay empties it. */
  readonly times?: RecordedTime[] | undefined;
  readonly signal: AbortSignal;
  /** Takes what is found about the times of readings, in order. */
  onTimes?(notices: readonly TimeNotice[]): void;
  /** Takes columns of sensors that lost their values, or have them again, in order. */
  onValues?(notices: readonly ValueNotice[]): void;
  /** Takes the rows that are used, after what was found about their times. */
  onRows?(rows: SequencedBatch): void;
  /** Called after each batch with the alert events of the reported span, in order. */
  onBatch(events: readonly AlertEvent[], readings: number): Promise<void>;
}

/** The outcome of a replay. */
export interface ReplayOutcome {
  readonly result: BacktestResult;
  /** The newest readings. */
  readonly buffer: ReadingBuffer;
  /** Memory of windows and models at the end, bytes. */
  readonly bytes: number;
}

/**
 * Runs recorded readings through the engine of the live modes, and collects the alerts.
 *
 * @param batches Readings in input order; read only as far as needed.
 * @throws {IotmonError} `ERR_DATA` when no reading was usable.
 */
export async function replay(
  batches: AsyncIterable<Batch>,
  options: ReplayOptions,
): Promise<ReplayOutcome> {
  const { signal, speed = Number.POSITIVE_INFINITY } = options;
  const { to = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = options;
  const run = new ReplayRun(options, to);
  try {
    const { maxJump } = options.pipeline.time;
    for await (const batch of readMost(pace(batches, { speed, maxJump }, signal), limit)) {
      if (signal.aborted) break;
      if (!(await run.submit(batch))) break;
    }
    await run.drain();
  } catch (error) {
    await run.abort();
    throw error;
  }
  const outcome = await run.finish();
  if (outcome.result.readings === 0 && !signal.aborted) throw nothingToReplay(to);
  return outcome;
}

/** Rows in an engine, and their output to come. */
interface Submitted {
  readonly rows: SequencedBatch;
  readonly output: Promise<EngineOutput>;
}

/** The way of a batch: intake, buffer, engine, and then collector, charts, scores file and listener. */
class ReplayRun {
  readonly #options: ReplayOptions;
  readonly #to: number;
  readonly #intake: Intake;
  readonly #buffer: ReadingBuffer;
  readonly #runtime: KeyedRuntime;
  readonly #collector: BacktestCollector;
  readonly #submitted: Submitted[] = [];
  #readings = 0;
  #isPast = false;

  constructor(options: ReplayOptions, to: number) {
    const { pipeline, keys, workers = 1, spare } = options;
    const { plan, layout, maxRows, outOfOrder, ranges, time, join } = pipeline;
    const { from = Number.NEGATIVE_INFINITY, label = null, keepSuppressed = false } = options;
    this.#options = options;
    this.#to = to;
    this.#intake = new Intake({ outOfOrder, ranges, join, ...time });
    this.#buffer = new ReadingBuffer(layout, keys, { maxRows });
    this.#runtime = createRuntime(plan, keys, workers, spare);
    this.#collector = new BacktestCollector(plan, keys, { from, label, keepSuppressed });
  }

  /**
   * Starts the engine on a batch. Workers run it while this thread collects earlier output.
   *
   * @returns Whether more may come: no reading is later than the end.
   */
  async submit(batch: Batch): Promise<boolean> {
    await this.#applyTimes();
    this.#readings += batch.length;
    const accepted = acceptUpTo(this.#intake, batch, this.#to);
    await this.#start(accepted);
    return !accepted.isPast;
  }

  /** Starts the engine on rows. */
  async #start(accepted: AcceptedRows): Promise<void> {
    this.#report();
    this.#isPast = accepted.isPast;
    for (const rows of accepted.pieces) {
      this.#options.onRows?.(rows);
      this.#buffer.append(rows);
      const output = this.#runtime.submit(rows);
      output.catch(() => {}); // #collectNext awaits it later and handles the error
      this.#submitted.push({ rows, output });
      if (this.#submitted.length >= this.#runtime.depth) await this.#collectNext();
    }
  }

  /** Collects all remaining output. */
  async drain(): Promise<void> {
    await this.#collectAll();
    await this.#applyTimes();
    // the readings that waited at the end of a session passed in the next one
    if (this.#options.times === undefined && !this.#isPast) await this.#pass(this.#intake.flush());
    await this.#collectAll();
    this.#intake.end();
    this.#report();
  }

  async finish(): Promise<ReplayOutcome> {
    const { open, bytes } = await this.#runtime.stop();
    const result = this.#collector.finish(open, this.#intake.outOfOrder);
    return { result, buffer: this.#buffer, bytes };
  }

  /** Stops the engine after an error. */
  async abort(): Promise<void> {
    await this.#runtime.stop().catch(() => {});
  }

  /** Starts the engine on rows that have waited. */
  async #pass(rows: SequencedBatch | null): Promise<void> {
    if (rows !== null) await this.#start(cutAfter(rows, this.#to));
  }

  #report(): void {
    const notices = this.#intake.takeNotices();
    if (notices.length > 0) this.#options.onTimes?.(notices);
    const values = this.#intake.takeValueNotices();
    if (values.length > 0) this.#options.onValues?.(values);
  }

  async #collectNext(): Promise<void> {
    const next = this.#submitted.shift();
    if (next === undefined) return;
    const { rows } = next;
    const output = await next.output;
    const { scores, series } = this.#options;
    const { events, first } = this.#collector.add(rows, output);
    series?.add(rows, output, first);
    await scores?.write(rows, output, first);
    await this.#options.onBatch(events, this.#collector.readings);
  }

  async #collectAll(): Promise<void> {
    while (this.#submitted.length > 0) await this.#collectNext();
  }

  /** Applies the clock events that a recorded session had before the next reading. */
  async #applyTimes(): Promise<void> {
    const { times = [] } = this.#options;
    for (let next = times[0]; next !== undefined && next.after <= this.#readings; next = times[0]) {
      times.shift();
      if ("now" in next && next.now > this.#to) continue;
      if ("pause" in next) {
        await this.#pass(this.#intake.pause(next.pause.to));
        await this.#collectAll();
        const { offset } = this.#intake;
        await this.#runtime.pause(next.pause.from + offset, next.pause.to + offset);
        continue;
      }
      await this.#pass(this.#intake.tick(next.now));
      await this.#collectAll();
      const output = await this.#runtime.tick(next.now + this.#intake.engineOffset);
      const events = this.#collector.tick(output.events, output.episodes);
      await this.#options.onBatch(events, this.#collector.readings);
    }
  }
}

function nothingToReplay(to: number): IotmonError {
  return new IotmonError("ERR_DATA", "no reading could be used", {
    hint:
      to < Number.POSITIVE_INFINITY
        ? "Check that --to is not before the first reading"
        : "Write the rejected lines to a file with --rejects FILE and look at their reasons",
  });
}
