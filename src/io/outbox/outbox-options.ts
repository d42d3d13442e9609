import type { StateDirectory } from "../../state/state-directory.ts";
import type { AlertBody } from "../messages/alert-schema.ts";
import type { Sink } from "../sinks/sink.ts";
import type { Clock } from "./clock.ts";
import type { QueueLimits } from "./log/queue-limits.ts";
import type { SinkAlertsAbout } from "./sink-alerts.ts";
import type { BreakerPolicy } from "./sink-worker/circuit-breaker.ts";
import type { RetryPolicy } from "./sink-worker/retry-policy.ts";
import type { ReportDelivery } from "./sink-worker/sink-health.ts";

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
  /** Takes what an operator should know: changes of a sink's state, a full queue, a full disk. */
  readonly report: ReportDelivery;
  /** Whom messages about failing sinks are from; undefined: there are none. */
  readonly alerts?: SinkAlertsAbout | undefined;
  readonly clock?: Clock;
  /** Most concurrent attempts per sink. By default 4. */
  readonly parallel?: number;
  /** Number of finished messages to remember, to drop their repetitions. By default 100,000. */
  readonly remember?: number;
}
