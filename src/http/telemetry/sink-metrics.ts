import { Counter, Gauge, type Registry } from "prom-client";
import type { SinkStats } from "../../io/outbox/sink-stats.ts";
import type { AlertDispatch } from "../../service/delivery/alert-dispatch.ts";
import type { ServerMetrics } from "./metrics.ts";

/** Sets the metrics of one sink. */
type Setter = (labels: { readonly pipeline: string; readonly sink: string }, s: SinkStats) => void;

/** Adds the metrics of sinks. Counters start at 0 with the program, and when a pipeline gets other sinks. */
export function addSinkMetrics(metrics: ServerMetrics, dispatch: AlertDispatch): void {
  let all: { readonly reset: () => void; readonly set: Setter } | null = null;
  metrics.addCollector((registry) => {
    all ??= createMetrics(registry);
    all.reset();
    for (const [pipeline, sinks] of dispatch.stats()) {
      for (const [sink, stats] of sinks) all.set({ pipeline, sink }, stats);
    }
  });
}

/** A sentence for each disabled sink. */
export function disabledSinks(dispatch: AlertDispatch): readonly string[] {
  return [...dispatch.stats()].flatMap(([pipeline, sinks]) =>
    [...sinks].flatMap(([sink, { disabled }]) =>
      disabled === null
        ? []
        : `the sink ${sink} of the pipeline ${pipeline} is disabled: ${disabled}`,
    ),
  );
}

function createMetrics(registry: Registry) {
  const shared = { labelNames: ["pipeline", "sink"] as const, registers: [registry] };
  const gauge = (name: string, help: string) => new Gauge({ name, help, ...shared });
  const counter = (name: string, help: string) => new Counter({ name, help, ...shared });
  const pending = gauge("iotmon_sink_pending_messages", "Messages that wait for the sink.");
  const age = gauge("iotmon_sink_oldest_pending_seconds", "Age of the oldest waiting message.");
  const dead = gauge("iotmon_sink_dead_letters", "Dead letters of the sink.");
  const disabled = gauge("iotmon_sink_disabled", "1 if the receiver wants no more messages.");
  const attempts = counter("iotmon_sink_attempts_total", "Attempts to deliver a message.");
  const failed = counter("iotmon_sink_failed_attempts_total", "Attempts that did not deliver.");
  const dropped = counter(
    "iotmon_sink_dropped_dead_letters_total",
    "Dead letters deleted to stay within their limit.",
  );
  const set: Setter = (labels, stats) => {
    pending.set(labels, stats.pending);
    age.set(labels, stats.oldestPendingAgeMs / 1000);
    dead.set(labels, stats.dead);
    disabled.set(labels, stats.disabled === null ? 0 : 1);
    attempts.inc(labels, stats.attempts);
    failed.inc(labels, stats.attempts - stats.delivered);
    dropped.inc(labels, stats.dropped);
  };
  const every = [pending, age, dead, disabled, attempts, failed, dropped];
  return { set, reset: () => every.forEach((metric) => void metric.reset()) };
}
