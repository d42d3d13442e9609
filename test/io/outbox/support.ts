import type { Severity } from "../../../src/core/alerts/severity.ts";
import type { AlertBody } from "../../../src/io/messages/alert-schema.ts";
import type { Clock } from "../../../src/io/outbox/clock.ts";
import type { OutboxSink } from "../../../src/io/outbox/outbox-options.ts";
import { DEFAULT_BREAKER } from "../../../src/io/outbox/sink-worker/circuit-breaker.ts";
import type { OutboundMessage, Outcome } from "../../../src/io/sinks/sink.ts";

/** A clock that the test advances. */
export class HandClock implements Clock {
  #now = Date.UTC(2024, 0, 1);
  readonly #timers = new Set<{ readonly at: number; readonly call: () => void }>();
  readonly start = this.#now;
  /** Result of {@link random}. */
  luck = 0.5;

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.luck;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Advances the clock: calls the due timers in order, and lets their asynchronous work finish. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await breathe();
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.call();
      await breathe();
    }
    this.#now = end;
  }
}

/** Lets all asynchronous work run that needs nothing outside the process. */
async function breathe(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A message with an id and some options. */
export function message(
  id: string,
  {
    episode = "e",
    severity = "warning",
    size = 0,
  }: {
    readonly episode?: string;
    readonly severity?: Severity;
    readonly size?: number;
  } = {},
): OutboundMessage {
  const body = {
    source: "iotmon",
    sensor_id: "bench-1",
    status: "firing",
    id,
    episode,
    severity,
    padding: "x".repeat(size),
  } as unknown as AlertBody;
  return { body, json: JSON.stringify(body) };
}

/** One attempt that a receiver saw. */
export interface SeenAttempt {
  readonly sink: string;
  readonly id: string;
  /** Ms since the clock's start. */
  readonly at: number;
}

/** A receiver with scripted answers. */
export class Receiver {
  readonly attempts: SeenAttempt[] = [];
  readonly delivered: string[] = [];
  readonly #clock: HandClock;
  /** Its answer to an attempt: the n-th for that message, from 0. */
  answer: (id: string, n: number, signal: AbortSignal) => Outcome | Promise<Outcome>;
  closed = 0;

  constructor(clock: HandClock, answer: Receiver["answer"] = () => ({ kind: "delivered" })) {
    this.#clock = clock;
    this.answer = answer;
  }

  /** The receiver as a sink of an outbox. */
  sink(name: string, settings: Partial<OutboxSink> = {}): OutboxSink {
    return {
      sink: {
        name,
        deliver: async ({ body: { id } }, signal) => {
          const n = this.attempts.filter((seen) => seen.id === id).length;
          this.attempts.push({ sink: name, id, at: this.#clock.now() - this.#clock.start });
          const outcome = await this.answer(id, n, signal);
          if (outcome.kind === "delivered") this.delivered.push(id);
          return outcome;
        },
        close: async () => {
          this.closed += 1;
        },
      },
      accepts: () => true,
      retry: { scheduleMs: [0, 1000, 10_000, 60_000], maxAgeMs: 600_000 },
      breaker: DEFAULT_BREAKER,
      timeoutMs: 15_000,
      ...settings,
    };
  }
}
