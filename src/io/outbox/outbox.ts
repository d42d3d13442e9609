import { IotmonError } from "../../core/errors.ts";
import type { StateDirectory } from "../../state/state-directory.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { OutboundMessage, Sink } from "../sinks/sink.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Delivery } from "./log/delivery.ts";
import { DeliveryLog, OUTBOX_LOG, OUTBOX_SEGMENT_BYTES, REMEMBERED } from "./log/delivery-log.ts";
import { dropOldest, makeRoom, type QueueLimits } from "./log/queue-limits.ts";
import { type SinkStats, sinkStats } from "./sink-stats.ts";
import type { BreakerPolicy } from "./sink-worker/circuit-breaker.ts";
import type { RetryPolicy } from "./sink-worker/retry-policy.ts";
import { SinkWorker } from "./sink-worker/sink-worker.ts";

/** Time after which a disk that refused is tried again, ms. */
const DISK_RETRY_MS = 5000;

/** A sink, and how messages get to it. */
export interface OutboxSink {
  readonly sink: Sink;
  /** Whether a message is for it. */
  accepts(body: AlertBody): boolean;
  readonly retry: RetryPolicy;
  /** When it is left in peace. */
  readonly breaker: BreakerPolicy;
  /** Time that one attempt may take, ms. */
  readonly timeoutMs: number;
}

/** How an outbox is opened. */
export interface OutboxOptions extends Partial<QueueLimits> {
  readonly state: StateDirectory;
  /** Names must differ. The outbox closes them. */
  readonly sinks: readonly OutboxSink[];
  /** Takes what an operator should know: a switched-off sink, dead letters, a full disk. */
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  /** Most attempts at the same time a sink. By default 4. */
  readonly parallel?: number;
  /** Finished messages that are remembered, so that a repeat of one is dropped. By default 100,000. */
  readonly remember?: number;
}

/**
 * Brings messages to sinks: each at least once, or to the dead letters, and after a crash under the same
 * id. A message is on the disk before its first attempt, unless the disk refuses it: a full disk is no
 * reason to be silent. Sinks do not wait for each other; of one episode
 * a sink gets one message after the other, in order.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly log: DeliveryLog;
  readonly #clock: Clock;
  readonly #limits: QueueLimits;
  readonly #lanes = new Map<string, SinkWorker>();
  readonly #dropped = new Map<string, number>();
  /** Not on the disk yet, in order. */
  #waiting: Delivery[] = [];
  #drains: (() => void)[] = [];
  #stopDiskTimer: (() => void) | null = null;
  /** Whether the disk refused when it was last written to. */
  #isRefused = false;
  #closed = false;

  private constructor(options: OutboxOptions, ledger: DeliveryLog) {
    this.#options = options;
    this.log = ledger;
    this.#clock = options.clock ?? systemClock;
    const { queueBytes = 8 * 1024 * 1024, deadBytes = 8 * 1024 * 1024 } = options;
    this.#limits = { queueBytes, deadBytes };
    for (const { sink, retry, breaker, timeoutMs } of options.sinks) {
      const { parallel = 4 } = options;
      const changed = (): void => this.#changed();
      const { say } = options;
      const setup = { sink, retry, timeoutMs, breaker, parallel, ledger, changed, say };
      this.#lanes.set(sink.name, new SinkWorker({ ...setup, clock: this.#clock }));
    }
  }

  /**
   * Opens the outbox of a state directory, and goes on with what is pending in it. What is pending for a
   * sink that there is no more goes to the dead letters.
   *
   * @throws {IotmonError} `ERR_IO`, `ERR_PERMISSION`, `ERR_CANT_CREATE` as the log.
   */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const segmentBytes = OUTBOX_SEGMENT_BYTES;
    const log = await options.state.openLog(OUTBOX_LOG, { segmentBytes });
    const ledger = await DeliveryLog.open(log, options.remember ?? REMEMBERED);
    const outbox = new Outbox(options, ledger);
    outbox.#resume();
    return outbox;
  }

  /**
   * Takes a message for each sink that it is for; one that a sink has had before is dropped. Resolves
   * when it is on the disk; never waits for a receiver.
   *
   * @throws {IotmonError} `ERR_IO` when the disk refuses. The message goes out from memory, and is kept as
   * soon as the disk takes it again, which is tried every five seconds.
   */
  async enqueue(message: OutboundMessage): Promise<void> {
    if (this.#closed) throw new RangeError("The outbox is closed");
    const { state } = this.log;
    const sinks = this.#options.sinks
      .filter(
        ({ sink, accepts }) => !state.knows(message.body.id, sink.name) && accepts(message.body),
      )
      .map(({ sink }) => sink.name);
    if (sinks.length > 0) {
      const deliveries = this.log.add(message, sinks, this.#clock.now());
      this.#waiting.push(...deliveries);
      this.#buryForOffSinks(deliveries);
      this.#limit();
    }
    await this.#makeDurable();
  }

  /** How each sink is doing, by name. */
  stats(): ReadonlyMap<string, SinkStats> {
    const { state } = this.log;
    const now = this.#clock.now();
    return new Map(
      [...this.#lanes].map(([name, lane]) => {
        const dropped = this.#dropped.get(name) ?? 0;
        return [name, sinkStats(name, state, lane, dropped, now)];
      }),
    );
  }

  /** Resolves when nothing is pending, or the signal is aborted. @returns Whether nothing is. */
  async drain(signal: AbortSignal): Promise<boolean> {
    const { pending } = this.log.state;
    if (pending.size > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#drains.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return pending.size === 0;
  }

  /**
   * Stops; what is pending stays on the disk for the next time. Closes the sinks. The last call.
   *
   * @throws {IotmonError} `ERR_IO` when what is left to be written can't be.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopDiskTimer?.();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
    await Promise.all(this.#options.sinks.map(({ sink }) => sink.close()));
    await this.log.close();
  }

  #resume(): void {
    const { state } = this.log;
    const now = this.#clock.now();
    for (const delivery of [...state.pending]) {
      if (!this.#lanes.has(delivery.sink)) {
        this.log.deadLetter(delivery, "the pipeline has no sink of this name any more", now);
      }
    }
    this.#buryForOffSinks([...state.pending]);
    this.#limit();
    for (const delivery of [...state.pending]) this.#lanes.get(delivery.sink)?.add(delivery);
    this.#changed();
  }

  #buryForOffSinks(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const reason = this.log.state.off.get(delivery.sink);
      if (reason === undefined || delivery.dead !== null) continue;
      const now = this.#clock.now();
      this.log.deadLetter(delivery, `the sink is switched off: ${reason}`, now);
    }
  }

  #limit(): void {
    const isTrying = (delivery: Delivery): boolean =>
      this.#lanes.get(delivery.sink)?.isTrying(delivery) === true;
    const buried = makeRoom(this.log, this.#limits, isTrying, this.#clock.now());
    for (const delivery of buried) this.#lanes.get(delivery.sink)?.remove(delivery);
    if (buried.length > 0)
      this.#options.say("the queue is full: its oldest go to the dead letters");
    const dropped = dropOldest(this.log, this.#limits);
    for (const { sink } of dropped) this.#dropped.set(sink, (this.#dropped.get(sink) ?? 0) + 1);
    if (dropped.length > 0)
      this.#options.say("the dead letters are full: their oldest are dropped");
  }

  async #makeDurable(): Promise<void> {
    try {
      await this.log.sync();
      this.#isRefused = false;
    } catch (cause) {
      this.#isRefused = true;
      if (!this.#closed) {
        this.#stopDiskTimer ??= this.#clock.after(DISK_RETRY_MS, () => {
          this.#stopDiskTimer = null;
          this.#makeDurable().catch(() => {}); // it was said, and is tried again
        });
      }
      this.#release(true);
      await this.log.limitUnwritten();
      throw cause;
    }
    this.#release(false);
  }

  /** Lets go what is on the disk now, or all, when it can't be. */
  #release(isRefused: boolean): void {
    if (this.#closed) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#buryForOffSinks(waiting);
    for (const delivery of waiting) {
      if (delivery.dead !== null) continue;
      if (!isRefused && !this.log.isDurable(delivery.message)) this.#waiting.push(delivery);
      else this.#lanes.get(delivery.sink)?.add(delivery);
    }
  }

  /** What became of attempts need not be on the disk: at worst they are made again. */
  #changed(): void {
    if (!this.#closed) this.#limit();
    this.log
      .flush()
      .then(() => this.log.compact())
      .catch((error: unknown) => {
        const text = messageOf(error);
        if (!this.#closed && !this.#isRefused) this.#options.say(text);
        this.#isRefused = true;
      });
    if (this.log.state.pending.size > 0) return;
    for (const resolve of this.#drains.splice(0)) resolve();
  }
}

function messageOf(error: unknown): string {
  if (error instanceof IotmonError) return error.message;
  throw error;
}
