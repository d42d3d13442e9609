import { IotmonError } from "../../core/errors.ts";
import type { StateDirectory } from "../../state/state-directory.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { OutboundMessage, Sink } from "../sinks/sink.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ArrivalOrder } from "./log/arrival-order.ts";
import type { Delivery } from "./log/delivery.ts";
import { DeliveryLog, OUTBOX_LOG, OUTBOX_SEGMENT_BYTES, REMEMBERED } from "./log/delivery-log.ts";
import { DEFAULT_LIMITS, QueueLimiter, type QueueLimits } from "./log/queue-limits.ts";
import { type SinkStats, sinkStats } from "./sink-stats.ts";
import type { BreakerPolicy } from "./sink-worker/circuit-breaker.ts";
import type { RetryPolicy } from "./sink-worker/retry-policy.ts";
import { SinkWorker } from "./sink-worker/sink-worker.ts";

/** Time between two attempts to write to a disk that refuses, ms. */
const DISK_RETRY_MS = 5000;

/** A sink, and the rules of its delivery. */
export interface OutboxSink {
  readonly sink: Sink;
  /** Whether the sink takes a message. */
  accepts(body: AlertBody): boolean;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  /** Longest time of one attempt, ms. */
  readonly timeoutMs: number;
}

/** How to open an outbox. */
export interface OutboxOptions extends Partial<QueueLimits> {
  readonly state: StateDirectory;
  /** With different names. The outbox closes them. */
  readonly sinks: readonly OutboxSink[];
  /** Takes what an operator should know, a line each: a switched-off sink, dead letters, a full disk. */
  readonly report: (line: string) => void;
  readonly clock?: Clock;
  /** Most concurrent attempts per sink. By default 4. */
  readonly parallel?: number;
  /** Number of finished messages to remember, to drop their repetitions. By default 100,000. */
  readonly remember?: number;
}

/**
 * Delivers each message to its sinks at least once, or makes it a dead letter. A message is on disk before
 * its first attempt, and keeps its id after a crash. When the disk refuses it, it goes out from memory. Sinks
 * don't wait for each other. A sink gets the messages of an episode one by one, in order.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #log: DeliveryLog;
  readonly #clock: Clock;
  readonly #limiter: QueueLimiter;
  readonly #workers = new Map<string, SinkWorker>();
  /** Deliveries whose message is not on disk yet, in order. */
  readonly #waiting = new ArrivalOrder<Delivery>();
  #drains: (() => void)[] = [];
  #stopDiskTimer: (() => void) | null = null;
  /** Whether the last write failed. */
  #isRefused = false;
  #closed = false;

  private constructor(options: OutboxOptions, log: DeliveryLog) {
    this.#options = options;
    this.#log = log;
    this.#clock = options.clock ?? systemClock;
    const { queueBytes, deadBytes } = { ...DEFAULT_LIMITS, ...options };
    this.#limiter = new QueueLimiter({
      log,
      limits: { queueBytes, deadBytes },
      isTrying: (delivery) => this.#workers.get(delivery.sink)?.isTrying(delivery) === true,
      ended: (delivery) => this.#workers.get(delivery.sink)?.remove(delivery),
      report: options.report,
    });
    for (const { sink, retry, breaker, timeoutMs } of options.sinks) {
      const { parallel = 4 } = options;
      const changed = (): void => this.#changed();
      const { report } = options;
      const setup = { sink, retry, timeoutMs, breaker, parallel, log, changed, report };
      this.#workers.set(sink.name, new SinkWorker({ ...setup, clock: this.#clock }));
    }
  }

  /**
   * Opens the outbox of a state directory and continues with its pending messages. Those for a sink that no
   * longer exists become dead letters.
   *
   * @throws {IotmonError} `ERR_IO`, `ERR_PERMISSION`, `ERR_CANT_CREATE` as `StateDirectory.openLog`.
   */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const segmentBytes = OUTBOX_SEGMENT_BYTES;
    const log = await options.state.openLog(OUTBOX_LOG, { segmentBytes });
    const deliveries = await DeliveryLog.open(log, options.remember ?? REMEMBERED);
    const outbox = new Outbox(options, deliveries);
    outbox.#resume();
    return outbox;
  }

  /**
   * Queues a message for the sinks that take it; a sink that has seen it before is left out. Resolves when the
   * message is on disk; never waits for a receiver.
   *
   * @throws {IotmonError} `ERR_IO` when the disk refuses. The message goes out from memory, and is written as
   * soon as the disk accepts it; the outbox tries every five seconds.
   */
  async enqueue(message: OutboundMessage): Promise<void> {
    if (this.#closed) throw new RangeError("The outbox is closed");
    const { state } = this.#log;
    const sinks = this.#options.sinks
      .filter(
        ({ sink, accepts }) => !state.hasSeen(message.body.id, sink.name) && accepts(message.body),
      )
      .map(({ sink }) => sink.name);
    if (sinks.length > 0) {
      const deliveries = this.#log.add(message, sinks, this.#clock.now());
      for (const delivery of deliveries) this.#waiting.add(delivery);
      this.#deadLetterOffSinks(deliveries);
      this.#limiter.apply(this.#clock.now());
    }
    await this.#makeDurable();
  }

  /** The state of each sink, by name. */
  stats(): ReadonlyMap<string, SinkStats> {
    const { state } = this.#log;
    const now = this.#clock.now();
    return new Map(
      [...this.#workers].map(([name, worker]) => {
        return [name, sinkStats(name, state, worker, this.#limiter.dropped(name), now)];
      }),
    );
  }

  /** Resolves when nothing is pending, or the signal is aborted. @returns Whether nothing is pending. */
  async drain(signal: AbortSignal): Promise<boolean> {
    const { state } = this.#log;
    if (state.pendingCount > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#drains.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return state.pendingCount === 0;
  }

  /**
   * Stops and closes the sinks. Pending messages stay on disk for the next start.
   *
   * @throws {IotmonError} `ERR_IO` when the last records can't be written.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopDiskTimer?.();
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    await Promise.all(this.#options.sinks.map(({ sink }) => sink.close()));
    this.#limiter.close();
    await this.#log.close();
  }

  #resume(): void {
    const { state } = this.#log;
    const now = this.#clock.now();
    for (const delivery of state.pending) {
      if (!this.#workers.has(delivery.sink)) {
        this.#log.deadLetter(delivery, "the pipeline has no sink of this name any more", now);
      }
    }
    this.#deadLetterOffSinks(state.pending);
    this.#limiter.apply(now);
    const byAge = [...state.pending].sort((a, b) => a.since - b.since);
    for (const [name, worker] of this.#workers) {
      worker.resume(byAge.filter(({ sink }) => sink === name));
    }
    this.#changed();
  }

  #deadLetterOffSinks(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const reason = this.#log.state.off.get(delivery.sink);
      if (reason === undefined || delivery.dead !== null) continue;
      const now = this.#clock.now();
      this.#log.deadLetter(delivery, `the sink is switched off: ${reason}`, now);
    }
  }

  async #makeDurable(): Promise<void> {
    try {
      await this.#log.sync();
      this.#isRefused = false;
    } catch (cause) {
      this.#isRefused = true;
      if (!this.#closed) {
        this.#stopDiskTimer ??= this.#clock.after(DISK_RETRY_MS, () => {
          this.#stopDiskTimer = null;
          this.#makeDurable().catch(() => {}); // reported by the first caller, and retried
        });
      }
      this.#release(true);
      await this.#log.limitUnwritten();
      throw cause;
    }
    this.#release(false);
  }

  /** Hands messages to the workers: those on disk, or all while the disk refuses. */
  #release(isRefused: boolean): void {
    if (this.#closed) return;
    for (const delivery of this.#waiting) {
      if (!isRefused && !this.#log.isDurable(delivery.message)) return; // nor are the later ones
      this.#waiting.delete(delivery);
      this.#deadLetterOffSinks([delivery]);
      if (delivery.dead === null) this.#workers.get(delivery.sink)?.add(delivery);
    }
  }

  /** Outcomes are written without sync: a crash only repeats attempts. */
  #changed(): void {
    if (!this.#closed) this.#limiter.apply(this.#clock.now());
    this.#log
      .flush()
      .then(() => this.#log.compact())
      .catch((error: unknown) => {
        const text = errorText(error);
        if (!this.#closed && !this.#isRefused) this.#options.report(text);
        this.#isRefused = true;
      });
    if (this.#log.state.pendingCount > 0) return;
    for (const resolve of this.#drains.splice(0)) resolve();
  }
}

function errorText(error: unknown): string {
  if (error instanceof IotmonError) return error.message;
  throw error;
}
