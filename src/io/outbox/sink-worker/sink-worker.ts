import { formatDuration } from "../../../core/duration.ts";
import type { AlertBody } from "../../messages/alert-schema.ts";
import type { Outcome, Sink } from "../../sinks/sink.ts";
import type { Clock } from "../clock.ts";
import type { Delivery } from "../log/delivery.ts";
import type { DeliveryLog } from "../log/delivery-log.ts";
import { type BreakerPolicy, CircuitBreaker } from "./circuit-breaker.ts";
import { EpisodeQueues } from "./episode-queues.ts";
import { type RetryPolicy, waitMs } from "./retry-policy.ts";

/** What a lane works with. */
export interface SinkWorkerSetup {
  readonly sink: Sink;
  readonly retry: RetryPolicy;
  /** Time that one attempt may take, ms. */
  readonly timeoutMs: number;
  readonly breaker: BreakerPolicy;
  /** Most attempts at the same time. */
  readonly parallel: number;
  readonly ledger: DeliveryLog;
  readonly clock: Clock;
  /** Something was delivered, failed or given up. */
  changed(): void;
  /** Takes what an operator should know. */
  say(line: string): void;
}

interface Attempt {
  readonly controller: AbortController;
  /** Resolves when what became of it is noted. */
  readonly done: Promise<void>;
}

/** The way to one sink: makes attempts when they are due, and notes what became of them. */
export class SinkWorker {
  readonly #setup: SinkWorkerSetup;
  readonly #queues = new EpisodeQueues();
  readonly #attempts = new Map<Delivery, Attempt>();
  readonly #breaker: CircuitBreaker;
  #stopTimer: (() => void) | null = null;
  #stopped = false;
  /** Since the start. */
  delivered = 0;
  retried = 0;

  constructor(setup: SinkWorkerSetup) {
    this.#setup = setup;
    this.#breaker = new CircuitBreaker(setup.breaker);
  }

  /** Takes a message that is durable. */
  add(delivery: Delivery): void {
    this.#queues.add(delivery);
    this.#pump();
  }

  /** Forgets a message that is not being tried. */
  remove(delivery: Delivery): void {
    this.#queues.remove(delivery);
    this.#pump();
  }

  /** Whether an attempt at it is going on. */
  isTrying(delivery: Delivery): boolean {
    return this.#attempts.has(delivery);
  }

  /** Makes no more attempts, and aborts those going on; resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopTimer?.();
    const attempts = [...this.#attempts.values()];
    for (const { controller } of attempts)
      controller.abort(new DOMException("stopped", "AbortError"));
    await Promise.all(attempts.map(({ done }) => done));
  }

  #pump(): void {
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
    const done = this.#outcome(delivery, controller).then((outcome) => {
      this.#attempts.delete(delivery);
      this.#settle(delivery, outcome, probe);
      this.#setup.changed();
      this.#pump();
    });
    this.#attempts.set(delivery, { controller, done });
  }

  /** Never rejects, and ends soon after it is aborted, whatever the sink does. */
  async #outcome(delivery: Delivery, controller: AbortController): Promise<Outcome> {
    const { sink, clock, timeoutMs } = this.#setup;
    const { signal } = controller;
    const reason = `no answer within ${formatDuration(timeoutMs)}`;
    const stopTimer = clock.after(timeoutMs, () => {
      controller.abort(new DOMException(reason, "TimeoutError"));
    });
    const { json } = delivery.message;
    const cut = new Promise<Outcome>((resolve) => {
      signal.addEventListener("abort", () => {
        // let the sink say it first
        setImmediate(() => resolve({ kind: "retry", reason: (signal.reason as Error).message }));
      });
    });
    try {
      const body = JSON.parse(json) as AlertBody;
      return await Promise.race([sink.deliver({ body, json }, signal), cut]);
    } catch (error) {
      // a bug of the sink must not cost the message; what it says may hold secrets
      return { kind: "retry", reason: `the sink threw ${(error as Error).name}` };
    } finally {
      stopTimer();
    }
  }

  #settle(delivery: Delivery, outcome: Outcome, probe: boolean): void {
    const { ledger, sink } = this.#setup;
    if (outcome.kind === "retry") {
      this.#retry(delivery, outcome, probe);
      return;
    }
    this.#breaker.succeed();
    if (outcome.kind === "delivered") {
      this.delivered += 1;
      ledger.finish(delivery);
      this.#queues.remove(delivery);
      return;
    }
    this.#bury(delivery, outcome.reason, delivery.attempts + 1);
    if (outcome.kind === "gone" && !ledger.state.off.has(sink.name)) {
      ledger.switchSink(sink.name, outcome.reason);
      this.#setup.say(`the sink ${sink.name} is switched off: ${outcome.reason}`);
      this.#buryWaiting(() => `the sink is switched off: ${outcome.reason}`);
    }
  }

  #retry(delivery: Delivery, outcome: Extract<Outcome, { kind: "retry" }>, probe: boolean): void {
    const { ledger, clock, sink, retry } = this.#setup;
    const now = clock.now();
    // stopped by us: it was no attempt
    if (this.#stopped) return;
    this.#breaker.fail(now, probe);
    this.retried += 1;
    const deadline = this.#deadline(delivery);
    const off = ledger.state.off.get(sink.name);
    if (off !== undefined) {
      this.#bury(delivery, `the sink is switched off: ${off}`, delivery.attempts + 1);
    } else if (now >= deadline) {
      this.#bury(delivery, this.#tooOld(outcome.reason), delivery.attempts + 1);
    } else {
      const random = clock.random();
      const wait = waitMs(retry, delivery.attempts + 1, random, outcome.retryAfterMs);
      ledger.failed(delivery, Math.min(now + wait, deadline), outcome.reason);
      this.#queues.reschedule(delivery);
    }
    if (this.#breaker.isOpen) this.#buryOld(now);
  }

  /** While the breaker is open nothing is tried that would end the wait of what is too old. */
  #buryOld(now: number): void {
    this.#buryWaiting((delivery) =>
      now >= this.#deadline(delivery)
        ? this.#tooOld(delivery.lastReason || "the receiver was not reached")
        : null,
    );
  }

  /** @param reasonOf Why one is given up; null: it is not. */
  #buryWaiting(reasonOf: (delivery: Delivery) => string | null): void {
    for (const delivery of [...this.#queues.all()]) {
      const reason = this.isTrying(delivery) ? null : reasonOf(delivery);
      if (reason !== null) this.#bury(delivery, reason, delivery.attempts);
    }
  }

  #bury(delivery: Delivery, reason: string, attempts: number): void {
    const { ledger, clock } = this.#setup;
    ledger.deadLetter(delivery, reason, clock.now(), attempts);
    this.#queues.remove(delivery);
  }

  #deadline({ since }: Delivery): number {
    return since + this.#setup.retry.maxAgeMs;
  }

  #tooOld(reason: string): string {
    return `not delivered within ${formatDuration(this.#setup.retry.maxAgeMs)}: ${reason}`;
  }
}
