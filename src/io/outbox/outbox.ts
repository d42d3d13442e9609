import { IotmonError } from "../../core/errors.ts";
import type { OutboundMessage } from "../sinks/sink.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ArrivalOrder } from "./log/arrival-order.ts";
import type { Delivery } from "./log/delivery.ts";
import { DeliveryLog, OUTBOX_LOG, OUTBOX_SEGMENT_BYTES, REMEMBERED } from "./log/delivery-log.ts";
import { DEFAULT_LIMITS, QueueLimiter } from "./log/queue-limits.ts";
import { deadLetterOff, deadLetterRemoved } from "./log/unwanted.ts";
import type { OutboxOptions } from "./outbox-options.ts";
import { isAboutSink, SinkAlerts } from "./sink-alerts.ts";
import { type SinkStats, sinkStats } from "./sink-stats.ts";
import type { SinkChange } from "./sink-worker/sink-health.ts";
import { SinkWorker } from "./sink-worker/sink-worker.ts";

/** Time between two attempts to write to a disk that refuses, ms. */
const DISK_RETRY_MS = 5000;

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
  /** Null: no other sink could be told. */
  readonly #alerts: SinkAlerts | null;
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
    this.#alerts = this.#createAlerts();
    const report = (text: string, change?: SinkChange): void => {
      options.report(text, change);
      if (change !== undefined) this.#alerts?.changed(change);
    };
    for (const { sink, retry, breaker, timeoutMs } of options.sinks) {
      const { parallel = 4 } = options;
      const changed = (): void => this.#changed();
      const isIncidental = ({ message }: Delivery): boolean =>
        this.#alerts !== null && isAboutSink(message.json);
      const setup = {
        sink,
        retry,
        timeoutMs,
        breaker,
        parallel,
        log,
        changed,
        isIncidental,
        report,
      };
      this.#workers.set(sink.name, new SinkWorker({ ...setup, clock: this.#clock }));
    }
  }

  #createAlerts(): SinkAlerts | null {
    const { alerts: about, sinks } = this.#options;
    const isAlone = sinks.length < 2 && this.#log.state.alerted.size === 0;
    if (about === undefined || isAlone) return null;
    return new SinkAlerts({
      ...{ about, log: this.#log, clock: this.#clock },
      send: (body, except) => {
        // a disk that refuses it is reported with the next outcome, and the message goes out from memory
        this.enqueue({ body, json: JSON.stringify(body) }, except).catch(() => {});
      },
    });
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
   * @param except Name of a sink that does not get the message.
   */
  async enqueue(message: OutboundMessage, except?: string): Promise<void> {
    if (this.#closed) throw new RangeError("The outbox is closed");
    const { state } = this.#log;
    const sinks = this.#options.sinks
      .filter(
        ({ sink, accepts }) =>
          sink.name !== except &&
          !state.hasSeen(message.body.id, sink.name) &&
          accepts(message.body),
      )
      .map(({ sink }) => sink.name);
    if (sinks.length > 0) {
      const deliveries = this.#log.add(message, sinks, this.#clock.now());
      for (const delivery of deliveries) this.#waiting.add(delivery);
      deadLetterOff(this.#log, deliveries, this.#clock.now());
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
    this.#alerts?.close();
    await Promise.all([...this.#workers.values()].map((worker) => worker.stop()));
    await Promise.all(this.#options.sinks.map(({ sink }) => sink.close()));
    this.#limiter.close();
    await this.#log.close();
  }

  #resume(): void {
    const { state } = this.#log;
    const now = this.#clock.now();
    for (const [sink, count] of deadLetterRemoved(this.#log, this.#workers, now)) {
      const reason = "it is no longer in the pipeline";
      const text = `the sink ${sink} gets dead letters, as ${reason}: ${count}`;
      this.#options.report(text, { sink, state: "dead_letters", reason });
    }
    deadLetterOff(this.#log, state.pending, now);
    this.#limiter.apply(now);
    const byAge = [...state.pending].sort((a, b) => a.since - b.since);
    for (const [name, worker] of this.#workers) {
      worker.resume(byAge.filter(({ sink }) => sink === name));
    }
    this.#alerts?.begin(new Set(this.#workers.keys()));
    this.#changed();
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
      deadLetterOff(this.#log, [delivery], this.#clock.now());
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
