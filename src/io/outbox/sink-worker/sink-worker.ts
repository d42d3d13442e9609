import { formatDuration } from "../../../core/units/duration.ts";
import type { Outcome, Sink } from "../../sinks/sink.ts";
import type { Clock } from "../clock.ts";
import { ArrivalOrder } from "../log/arrival-order.ts";
import type { Delivery } from "../log/delivery.ts";
import type { DeliveryLog } from "../log/delivery-log.ts";
import { attempt } from "./attempt.ts";
import { type BreakerPolicy, CircuitBreaker } from "./circuit-breaker.ts";
import { EpisodeQueues } from "./episode-queues.ts";
import { type RetryPolicy, waitMs } from "./retry-policy.ts";
import { type ReportDelivery, SinkHealth } from "./sink-health.ts";

/** What a sink worker works with. */
export interface SinkWorkerSetup {
  readonly sink: Sink;
  readonly retry: RetryPolicy;
  /** Longest time of one attempt, ms. */
  readonly timeoutMs: number;
  readonly breaker: BreakerPolicy;
  /** Most concurrent attempts. */
  readonly parallel: number;
  readonly log: DeliveryLog;
  readonly clock: Clock;
  /** Called after every outcome. */
  changed(): void;
  /** Whether the failure of a message about other sinks is no news about this one. */
  isIncidental(delivery: Delivery): boolean;
  readonly report: ReportDelivery;
}

interface Attempt {
  readonly controller: AbortController;
  /** Resolves when the outcome is recorded. */
  readonly done: Promise<void>;
}

/** Delivers to one sink: makes attempts when they are due, and records their outcomes. */
export class SinkWorker {
  readonly #setup: SinkWorkerSetup;
  readonly #queues = new EpisodeQueues();
  /** All messages, by the time since which they wait. */
  readonly #byAge = new ArrivalOrder<Delivery>();
  readonly #attempts = new Map<Delivery, Attempt>();
  readonly #breaker: CircuitBreaker;
  readonly #health: SinkHealth;
  #stopTimer: (() => void) | null = null;
  /** Stops the timer of the next deadline; null: none runs. */
  #stopAgeTimer: (() => void) | null = null;
  #stopped = false;
  /** Counts since the start. */
  attempts = 0;
  delivered = 0;
  retried = 0;

  constructor(setup: SinkWorkerSetup) {
    this.#setup = setup;
    this.#breaker = new CircuitBreaker(setup.breaker);
    const { sink, log, report } = setup;
    const wasFailing = log.state.off.has(sink.name) || log.state.alerted.has(sink.name);
    this.#health = new SinkHealth(sink.name, report, wasFailing);
  }

  /** Queues the messages of an earlier run, the oldest first. Those past their deadline become dead letters. */
  resume(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#queue(delivery);
    this.#endOld();
    this.#pump();
  }

  /** Queues a new message. */
  add(delivery: Delivery): void {
    this.#queue(delivery);
    this.#pump();
  }

  /** Removes a message without an attempt in progress. */
  remove(delivery: Delivery): void {
    this.#forget(delivery);
    this.#pump();
  }

  /** Time since which the oldest message waits, ms; null: none waits. */
  get oldestSince(): number | null {
    return this.#byAge.first?.since ?? null;
  }

  /** Whether an attempt is in progress. */
  isTrying(delivery: Delivery): boolean {
    return this.#attempts.has(delivery);
  }

  /** Makes no more attempts and aborts those in progress; resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopTimer?.();
    this.#stopAgeTimer?.();
    const attempts = [...this.#attempts.values()];
    for (const { controller } of attempts)
      controller.abort(new DOMException("stopped", "AbortError"));
    await Promise.all(attempts.map(({ done }) => done));
  }

  #pump(): void {
    this.#makeAttempts();
    // after the attempts: at its deadline, a message gets a last one
    if (!this.#stopped) this.#endOld();
  }

  #makeAttempts(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    while (!this.#stopped && this.#attempts.size < this.#setup.parallel) {
      const next = this.#queues.next();
      if (next === null) return;
      const now = this.#setup.clock.now();
      const at = Math.max(next.dueAt, this.#breaker.allowedAt);
      if (at > now) {
        if (at < Number.POSITIVE_INFINITY) {
          this.#stopTimer = this.#setup.clock.after(at - now, () => this.#pump());
        }
        return;
      }
      this.#queues.take();
      this.#try(next);
    }
  }

  #try(delivery: Delivery): void {
    const controller = new AbortController();
    const probe = this.#breaker.begin();
    const done = attempt(delivery.message.json, this.#setup, controller).then((outcome) => {
      this.#attempts.delete(delivery);
      this.#settle(delivery, outcome, probe);
      this.#setup.changed();
      this.#pump();
    });
    this.#attempts.set(delivery, { controller, done });
  }

  /** Records the outcome: delivered, due again, or a dead letter. */
  #settle(delivery: Delivery, outcome: Outcome, probe: boolean): void {
    const { log, sink } = this.#setup;
    if (outcome.kind === "retry") {
      this.#retry(delivery, outcome, probe);
      return;
    }
    this.attempts += 1;
    this.#breaker.succeed();
    if (outcome.kind === "delivered") {
      this.delivered += 1;
      this.#health.delivered();
      log.finish(delivery);
      this.#forget(delivery);
      return;
    }
    if (outcome.kind === "rejected") {
      this.#deadLetter(delivery, outcome.reason, delivery.attempts + 1);
      return;
    }
    const isNews = !log.state.off.has(sink.name);
    log.switchSink(sink.name, outcome.reason);
    this.#deadLetter(delivery, outcome.reason, delivery.attempts + 1);
    if (isNews) {
      this.#health.disabled(outcome.reason);
      this.#deadLetterWaiting(`the sink is switched off: ${outcome.reason}`);
    }
  }

  #retry(delivery: Delivery, outcome: Extract<Outcome, { kind: "retry" }>, probe: boolean): void {
    const { log, clock, sink, retry } = this.#setup;
    const now = clock.now();
    if (this.#stopped) return; // aborted by stop: not a failure
    this.attempts += 1;
    this.retried += 1;
    this.#breaker.fail(now, probe);
    this.#health.failed(outcome.reason, this.#breaker.isOpen);
    const deadline = this.#deadline(delivery);
    const off = log.state.off.get(sink.name);
    if (off !== undefined) {
      this.#deadLetter(delivery, `the sink is switched off: ${off}`, delivery.attempts + 1);
    } else if (now >= deadline) {
      this.#deadLetter(delivery, this.#tooOld(outcome.reason), delivery.attempts + 1);
    } else {
      const random = clock.random();
      const wait = waitMs(retry, delivery.attempts + 1, random, outcome.retryAfterMs);
      log.failed(delivery, Math.min(now + wait, deadline), outcome.reason);
      this.#queues.reschedule(delivery);
    }
  }

  /** Ends messages at their deadline, whatever the circuit breaker and their episode wait for. */
  #endOld(): void {
    const { clock } = this.#setup;
    const now = clock.now();
    for (const delivery of this.#byAge) {
      const deadline = this.#deadline(delivery);
      if (now < deadline) {
        this.#stopAgeTimer ??= clock.after(deadline - now, () => {
          this.#stopAgeTimer = null;
          this.#pump();
          this.#setup.changed();
        });
        return;
      }
      if (this.isTrying(delivery)) continue;
      const reason = this.#tooOld(delivery.lastReason || "the receiver was not reached");
      this.#deadLetter(delivery, reason, delivery.attempts);
    }
  }

  #deadLetterWaiting(reason: string): void {
    for (const delivery of this.#byAge) {
      if (!this.isTrying(delivery)) this.#deadLetter(delivery, reason, delivery.attempts);
    }
  }

  #deadLetter(delivery: Delivery, reason: string, attempts: number): void {
    const { log, clock } = this.#setup;
    log.deadLetter(delivery, reason, clock.now(), attempts);
    this.#forget(delivery);
    const isOff = log.state.off.has(delivery.sink); // is news of its own
    if (!isOff && !this.#setup.isIncidental(delivery)) this.#health.deadLettered(reason);
  }

  #queue(delivery: Delivery): void {
    this.#queues.add(delivery);
    this.#byAge.add(delivery);
  }

  #forget(delivery: Delivery): void {
    this.#queues.remove(delivery);
    this.#byAge.delete(delivery);
  }

  #deadline({ since }: Delivery): number {
    return since + this.#setup.retry.maxAgeMs;
  }

  #tooOld(reason: string): string {
    return `not delivered within ${formatDuration(this.#setup.retry.maxAgeMs)}: ${reason}`;
  }
}
